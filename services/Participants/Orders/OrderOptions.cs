using System.ComponentModel.DataAnnotations;

namespace EventFly.Participants.Orders;

public sealed class OrderOptions
{
    /// <summary>How often unpaid orders are looked for whose time is over.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many of them are read at once.</summary>
    [Range(1, 500)]
    public int SweepPage { get; set; } = 200;

    /// <summary>Whether the tickets of an order become void when the buyer's bank asks for its money.</summary>
    public bool VoidDisputed { get; set; }
}
