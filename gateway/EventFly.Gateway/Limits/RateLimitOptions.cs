using System.ComponentModel.DataAnnotations;

namespace EventFly.Gateway.Limits;

/// <summary>How much one client may ask. The defaults only stop what would hurt everybody; a public installation sets its own.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>Requests a second that a client may keep up.</summary>
    [Range(1, 1_000_000)]
    public int PerSecond { get; set; } = 20_000;

    /// <summary>Requests that a client may send at once after a rest.</summary>
    [Range(1, 10_000_000)]
    public int Burst { get; set; } = 40_000;
}
