namespace EventFly.Contracts.Participants;

/// <summary>Tickets are held for a party that waited. Whoever orders under the entry's id, and pays in time, gets them.</summary>
/// <param name="EntryId">Also the id of the hold and of the order.</param>
/// <param name="Amount">In minor units; stays until the deadline.</param>
/// <param name="Until">The deadline, UTC.</param>
[Contract("participants", "TicketsOffered")]
public sealed record TicketsOffered(
    Guid EntryId,
    Guid EventId,
    Guid OrganizationId,
    Guid BuyerId,
    string EventName,
    IReadOnlyList<WaitlistLine> Lines,
    long Amount,
    string Currency,
    DateTimeOffset Until);
