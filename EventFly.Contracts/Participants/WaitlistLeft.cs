namespace EventFly.Contracts.Participants;

/// <summary>A party does not want to wait any more.</summary>
[Contract("participants", "WaitlistLeft")]
public sealed record WaitlistLeft(Guid EntryId, Guid EventId, Guid BuyerId);
