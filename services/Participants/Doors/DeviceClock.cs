namespace EventFly.Participants.Doors;

/// <summary>
/// Turns times of a device into ours, by what its clock says while it sends. A difference that the way alone explains counts as none, and one beyond a day
/// is corrected by a day and no more. Nothing lies in the future, and nothing further back than a device is left unread.
/// </summary>
internal readonly struct DeviceClock
{
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan MostCorrection = TimeSpan.FromDays(1);
    public static readonly TimeSpan OldestScan = TimeSpan.FromDays(30);

    private readonly DateTimeOffset now;

    public DeviceClock(DateTimeOffset deviceNow, DateTimeOffset now)
    {
        this.now = now;
        var behind = TimeSpan.FromTicks(now.UtcTicks - deviceNow.UtcTicks);
        Behind = behind.Duration() <= Tolerance ? TimeSpan.Zero
            : behind > MostCorrection ? MostCorrection
            : behind < -MostCorrection ? -MostCorrection
            : behind;
    }

    public TimeSpan Behind { get; }

    public DateTimeOffset ToOurs(DateTimeOffset deviceTime)
    {
        var ours = deviceTime.UtcTicks + Behind.Ticks;
        return new DateTimeOffset(Math.Clamp(ours, (now - OldestScan).UtcTicks, now.UtcTicks), TimeSpan.Zero);
    }
}
