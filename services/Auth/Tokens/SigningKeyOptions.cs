using System.ComponentModel.DataAnnotations;

namespace EventFly.Auth.Tokens;

/// <summary>The keys that sign access tokens.</summary>
internal sealed class SigningKeyOptions
{
    /// <summary>How long a key signs before the next one does.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "400.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a new key is published before it signs: longer than anybody keeps a copy of the published keys.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "12:00:00")]
    public TimeSpan PublishBefore { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a key stays published after it signed its last token: longer than an access token is good.</summary>
    [Range(typeof(TimeSpan), "01:01:00", "06:00:00")]
    public TimeSpan KeepAfter { get; set; } = TimeSpan.FromHours(2);

    /// <summary>How often the age of the keys is looked at, and what another replica stored.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Begin with new keys when the stored ones cannot be decrypted: everybody refreshes once.</summary>
    public bool ForgetUnreadable { get; set; }
}
