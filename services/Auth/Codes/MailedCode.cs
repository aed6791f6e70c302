using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Auth.Codes;

/// <summary>A code that is sent by mail on request, and how often that was lately: nobody's mailbox is to be filled.</summary>
/// <param name="Code">The last one, unless it was used.</param>
/// <param name="SentAt">Of the last day.</param>
internal sealed record MailedCode(OneTimeCode? Code, IReadOnlyList<DateTimeOffset> SentAt)
{
    public const int PerDay = 5;

    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static MailedCode None { get; } = new(null, []);

    public static MailedCode First(OneTimeCode code, DateTimeOffset now) => new(code, [now]);

    /// <summary>Null when another may be sent.</summary>
    public Refusal? RefuseAnother(DateTimeOffset now, int perDay = PerDay)
    {
        var lately = SentAt.Where(at => at > now - Day).ToArray();
        var wait = lately.Length >= perDay ? lately[^perDay] + Day - now : lately.Length > 0 ? lately[^1] + Pause - now : TimeSpan.Zero;
        return wait > TimeSpan.Zero
            ? new Refusal(RefusalKind.TooMany, "code-sent-lately", "A code was sent lately. Look into your mailbox, or wait before you ask for another.") { RetryAfter = wait }
            : null;
    }

    /// <summary>The one before is good no more.</summary>
    public MailedCode Another(OneTimeCode code, DateTimeOffset now) => new(code, [.. SentAt.Where(at => at > now - Day), now]);

    public MailedCode Left(OneTimeCode? left) => this with { Code = left };
}
