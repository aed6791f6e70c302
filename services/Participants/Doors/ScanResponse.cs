using EventFly.Participants.Scans;

namespace EventFly.Participants.Doors;

/// <summary>A scan as staff sees it in the log.</summary>
/// <param name="TicketId">Null where the code names no ticket of this event.</param>
/// <param name="At">When it happened, by our clock.</param>
/// <param name="By">The account or the device.</param>
/// <param name="LetIn">What the door did.</param>
/// <param name="Outcome">What it comes to among all scans.</param>
internal sealed record ScanResponse(
    Guid ScanId,
    Guid? TicketId,
    Direction Direction,
    string Gate,
    DateTimeOffset At,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? DeviceTime,
    double? ClockBehindSeconds,
    Guid By,
    bool ByDevice,
    bool LetIn,
    ScanOutcome Outcome,
    string? Reason,
    Guid? Against,
    Undoing? Undone)
{
    public static ScanResponse Of(Entry entry) => new(
        entry.Scan.ScanId, entry.Scan.TicketId, entry.Scan.Direction, entry.Scan.Gate, entry.Scan.At, entry.Scan.ReceivedAt, entry.Scan.DeviceTime,
        entry.Scan.ClockBehind, entry.Scan.By, entry.Scan.ByDevice, entry.Scan.LetIn, entry.Outcome, entry.Reason, entry.Against, entry.Undone);
}
