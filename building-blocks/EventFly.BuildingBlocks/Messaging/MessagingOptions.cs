using System.ComponentModel.DataAnnotations;

namespace EventFly.BuildingBlocks.Messaging;

/// <summary>Bounds of the relay and the dispatcher.</summary>
public sealed class MessagingOptions
{
    /// <summary>This service's name on the bus, for example <c>participants</c>.</summary>
    [Required]
    public string Service { get; set; } = "";

    /// <summary>Announcements taken from the outbox at once.</summary>
    [Range(1, 10_000)]
    public int RelayBatch { get; set; } = 512;

    /// <summary>How long a taken announcement belongs to this process.</summary>
    public TimeSpan RelayLease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a reaction may take before it counts as failed.</summary>
    public TimeSpan HandlerTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
