namespace EventFly.Contracts.Participants;

/// <summary>Something came free at an event that people wait for, or may have.</summary>
[Contract("participants", "TicketsFreed")]
public sealed record TicketsFreed(Guid EventId);
