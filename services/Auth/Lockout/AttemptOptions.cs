using System.ComponentModel.DataAnnotations;

namespace EventFly.Auth.Lockout;

/// <summary>How often somebody may try.</summary>
internal sealed class AttemptOptions
{
    /// <summary>Wrong tries at one account from one network before it has to wait.</summary>
    [Range(1, 1_000_000)]
    public int FreeTries { get; set; } = 5;

    /// <summary>The wait after the last free try; each further wrong try doubles it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan FirstWait { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>No wait is longer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Wrong tries are forgotten after so long without another.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Wrong tries at one account from all networks together that its owner has not signed in from. They come back evenly over <see cref="StrangerWindow"/>.</summary>
    [Range(1, 1_000_000)]
    public int StrangerTries { get; set; } = 30;

    /// <summary>See <see cref="StrangerTries"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan StrangerWindow { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The following are per network and come back evenly over this time.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Wrong tries from one network, whatever the account.</summary>
    [Range(1, 1_000_000)]
    public int PerAddress { get; set; } = 50;

    /// <summary>Sign-ups from one network.</summary>
    [Range(1, 1_000_000)]
    public int SignUpsPerAddress { get; set; } = 300;

    /// <summary>Requests from one network that a mail may follow.</summary>
    [Range(1, 1_000_000)]
    public int MailsPerAddress { get; set; } = 20;
}
