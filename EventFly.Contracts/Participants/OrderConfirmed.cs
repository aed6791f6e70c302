namespace EventFly.Contracts.Participants;

/// <summary>An order is paid (or free) and its tickets exist.</summary>
/// <param name="PaymentId">Null for a free order.</param>
[Contract("participants", "OrderConfirmed")]
public sealed record OrderConfirmed(
    Guid OrderId,
    Guid EventId,
    Guid OrganizationId,
    Guid BuyerId,
    long Amount,
    string Currency,
    Guid? PaymentId,
    IReadOnlyList<ConfirmedTicket> Tickets);

/// <summary>One person's ticket.</summary>
/// <param name="Price">What this ticket cost, in minor units.</param>
public sealed record ConfirmedTicket(Guid TicketId, Guid TicketTypeId, string TicketTypeName, long Price, string AttendeeName, string AttendeeEmail);
