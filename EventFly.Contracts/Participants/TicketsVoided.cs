namespace EventFly.Contracts.Participants;

/// <summary>These tickets of an order admit nobody any more.</summary>
[Contract("participants", "TicketsVoided")]
public sealed record TicketsVoided(Guid OrderId, Guid EventId, IReadOnlyList<Guid> TicketIds, string Reason);
