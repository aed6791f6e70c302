namespace EventFly.Contracts.Participants;

/// <summary>A party waits for tickets that are sold out.</summary>
/// <param name="Lines">It gets all of them or none.</param>
[Contract("participants", "WaitlistJoined")]
public sealed record WaitlistJoined(
    Guid EntryId, Guid EventId, Guid OrganizationId, Guid BuyerId, string EventName, IReadOnlyList<WaitlistLine> Lines);

public sealed record WaitlistLine(Guid TicketTypeId, string TicketTypeName, int Quantity);
