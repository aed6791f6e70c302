namespace EventFly.Contracts.Participants;

/// <summary>A party waits, or has its offer, in vain.</summary>
/// <param name="Reason"><c>event-cancelled</c>, <c>sales-ended</c>, <c>per-buyer-limit</c>.</param>
[Contract("participants", "WaitlistClosed")]
public sealed record WaitlistClosed(Guid EntryId, Guid EventId, Guid BuyerId, string EventName, string Reason);
