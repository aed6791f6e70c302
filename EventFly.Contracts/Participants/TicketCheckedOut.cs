namespace EventFly.Contracts.Participants;

/// <summary>Somebody walked out.</summary>
[Contract("participants", "TicketCheckedOut")]
public sealed record TicketCheckedOut(Guid TicketId, Guid EventId, Guid ScanId, string Gate, DateTimeOffset At);
