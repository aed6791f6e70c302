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
    IReadOnlyList<OrderedTicket> Tickets,
    IReadOnlyList<OrderResponse.RefundResponse> Refunds)
{
    public sealed record RefundResponse(Guid RefundId, long Amount, string Currency, string Reason, RefundStatus Status);

    /// <summary>The buyer's bank asks for the money, or took it.</summary>
    public bool IsDisputed { get; init; }

    public static OrderResponse Of(Order order)
    {
        var details = order.Details!;
        return new OrderResponse(
            details.OrderId, details.EventId, details.OrganizationId, details.BuyerId, details.EventName, details.EventStartsAt,
            order.Status, order.ClosedBecause, details.Amount, details.Currency, details.PlacedAt, details.PayBy, order.ConfirmedAt,
            order.PaymentId, order.IsOpen ? order.LastFailure?.Code : null, details.Tickets,
            [.. order.Refunds.Select(refund => new RefundResponse(
                refund.Key, refund.Value.Amount, refund.Value.Currency, refund.Value.Reason, refund.Value.Status))])
        {
            IsDisputed = order.IsDisputed,
        };
    }
}
