namespace EventFly.Contracts.Participants;

/// <summary>An order will not be paid any more: it expired or was cancelled before payment. Open attempts to pay are to be called off.</summary>
/// <param name="Reason">expired, cancelled-by-buyer, cancelled-by-organizer or event-cancelled.</param>
[Contract("participants", "OrderClosed")]
public sealed record OrderClosed(Guid OrderId, Guid EventId, Guid OrganizationId, string Reason);
