using System.ComponentModel.DataAnnotations;

namespace EventFly.Auth.Sessions;

/// <summary>How long somebody stays signed in.</summary>
internal sealed class SessionTimes
{
    /// <summary>How long an access token is good.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan AccessToken { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A session that is not refreshed for this long is over.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "90.00:00:00")]
    public TimeSpan Idle { get; set; } = TimeSpan.FromDays(14);

    /// <summary>After this long everybody signs in again.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "400.00:00:00")]
    public TimeSpan Longest { get; set; } = TimeSpan.FromDays(90);

    /// <summary>For how long the same refresh may be repeated because its answer was lost. Later it counts as a stolen token.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan RepeatGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the tokens of an ended session must be refused: until the last of them is out of date everywhere.</summary>
    public TimeSpan Echo => AccessToken + TimeSpan.FromMinutes(1);
}
