namespace EventFly.Participants.Orders;

/// <summary>An order as its buyer and its organiser see it.</summary>
/// <param name="Amount">In minor units.</param>
/// <param name="PaymentFailure">Code of the last declined attempt, while the order is open.</param>
internal sealed record OrderResponse(
    Guid OrderId,
    Guid EventId,
    Guid OrganizationId,
    Guid BuyerId,
    string EventName,
    DateTimeOffset EventStartsAt,
    OrderStatus Status,
    string? ClosedBecause,
    long Amount,
    string Currency,
    DateTimeOffset PlacedAt,
    DateTimeOffset PayBy,
    DateTimeOffset? ConfirmedAt,
    Guid? PaymentId,
    string? PaymentFailure,
    long Refundable,
    IReadOnlyList<OrderResponse.TicketLine> Tickets,
    IReadOnlyList<OrderResponse.RefundLine> Refunds,
    IReadOnlyList<OrderResponse.ChangeLine> Changes)
{
    /// <param name="AttendeeName">Absent, like address and answers, where the ticket belongs to somebody else now and the buyer asks.</param>
    /// <param name="Transferred">Whether the ticket was handed to another person.</param>
    public sealed record TicketLine(
        Guid TicketId,
        Guid TicketTypeId,
        string TicketTypeName,
        long Price,
        string? AttendeeName,
        string? AttendeeEmail,
        bool IsVoid,
        bool Transferred,
        IReadOnlyList<Answer> Answers);

    public sealed record RefundLine(Guid RefundId, long Amount, string Currency, string Reason, RefundStatus Status);

    /// <param name="Before">The attendee's name until then.</param>
    public sealed record ChangeLine(DateTimeOffset At, string What, IReadOnlyList<Guid> TicketIds, Guid? By, string? Before);

    /// <summary>The buyer's bank asks for the money, or took it.</summary>
    public bool IsDisputed { get; init; }

    /// <param name="toOrganizer">What new holders wrote about themselves is for them and the organiser.</param>
    public static OrderResponse Of(Order order, bool toOrganizer = false)
    {
        var details = order.Details!;
        HashSet<Guid> others =
            [.. order.Tickets.Where(ticket => !toOrganizer && ticket.HolderId is { } holder && holder != details.BuyerId).Select(ticket => ticket.TicketId)];
        return new OrderResponse(
            details.OrderId, details.EventId, details.OrganizationId, details.BuyerId, details.EventName, details.EventStartsAt,
            order.Status, order.ClosedBecause, order.Amount, details.Currency, details.PlacedAt, details.PayBy, order.ConfirmedAt,
            order.PaymentId, order.IsOpen ? order.LastFailure?.Code : null, order.Refundable,
            [.. order.Tickets.Select(ticket => LineOf(ticket, others.Contains(ticket.TicketId)))],
            [.. order.Refunds.Select(refund => new RefundLine(
                refund.Key, refund.Value.Amount, refund.Value.Currency, refund.Value.Reason, refund.Value.Status))],
            [.. order.Changes.Select(change => new ChangeLine(
                change.At, change.What, change.TicketIds, change.By, change.TicketIds.Any(others.Contains) ? null : change.Before))])
        {
            IsDisputed = order.IsDisputed,
        };
    }

    private static TicketLine LineOf(OrderedTicket ticket, bool hidden) => new(
        ticket.TicketId, ticket.TicketTypeId, ticket.TicketTypeName, ticket.Price,
        hidden ? null : ticket.AttendeeName, hidden ? null : ticket.AttendeeEmail, ticket.IsVoid, ticket.HolderId is not null, hidden ? [] : ticket.Answers);
}
