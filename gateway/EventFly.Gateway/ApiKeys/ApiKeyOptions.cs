using System.ComponentModel.DataAnnotations;

namespace EventFly.Gateway.ApiKeys;

/// <summary>How much the door asks auth about keys that it does not know.</summary>
internal sealed class ApiKeyOptions
{
    /// <summary>Keys that turn out wrong, a minute and client address; more are not even looked at.</summary>
    [Range(1, 1_000_000)]
    public int WrongPerMinute { get; set; } = 20;

    /// <summary>Keys never seen good that are asked about in a second, all clients together.</summary>
    [Range(1, 100_000)]
    public int UnknownPerSecond { get; set; } = 200;

    /// <summary>How long a wrong key is remembered as one.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan WrongFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long auth may take to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:10")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(3);
}
