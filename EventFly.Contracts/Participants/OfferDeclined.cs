namespace EventFly.Contracts.Participants;

/// <summary>A party that waited does not want the tickets that were offered to it.</summary>
[Contract("participants", "OfferDeclined")]
public sealed record OfferDeclined(Guid EntryId, Guid EventId, Guid BuyerId);
