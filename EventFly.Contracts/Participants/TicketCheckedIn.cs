namespace EventFly.Contracts.Participants;

/// <summary>Somebody walked in.</summary>
[Contract("participants", "TicketCheckedIn")]
public sealed record TicketCheckedIn(Guid TicketId, Guid EventId, Guid ScanId, string Gate, DateTimeOffset At);
