namespace EventFly.Contracts.Participants;

/// <summary>A scan that was announced as <see cref="TicketCheckedIn"/> or <see cref="TicketCheckedOut"/> counts no more. It may be announced again later.</summary>
/// <param name="Direction">in or out.</param>
/// <param name="At">When the scan was.</param>
/// <param name="Reason">undone, or superseded by scans of other doors that were heard of later.</param>
[Contract("participants", "ScanWithdrawn")]
public sealed record ScanWithdrawn(Guid TicketId, Guid EventId, Guid ScanId, string Direction, string Gate, DateTimeOffset At, string Reason);
