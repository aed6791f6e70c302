namespace EventFly.Contracts.Participants;

/// <summary>The deadline of an offer is over and nobody bought.</summary>
[Contract("participants", "OfferLapsed")]
public sealed record OfferLapsed(Guid EntryId, Guid EventId, Guid BuyerId, string EventName);
