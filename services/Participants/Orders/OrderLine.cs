namespace EventFly.Participants.Orders;

/// <summary>One order in a list.</summary>
internal sealed record OrderLine(
    Guid OrderId,
    Guid EventId,
    Guid BuyerId,
    string EventName,
    DateTimeOffset EventStartsAt,
    OrderStatus Status,
    long Amount,
    string Currency,
    int Tickets,
    DateTimeOffset PlacedAt,
    DateTimeOffset PayBy)
{
    /// <summary>The buyer's bank asks for the money, or took it.</summary>
    public bool IsDisputed { get; init; }

    /// <summary>What went back, or is on its way back, in minor units.</summary>
    public long Refunded { get; init; }

    public static OrderLine Of(OrderView order) => new(
        order.OrderId, order.EventId, order.BuyerId, order.EventName, order.EventStartsAt, order.Status,
        order.Amount, order.Currency, order.Tickets, order.PlacedAt, order.PayBy)
    {
        IsDisputed = order.IsDisputed, Refunded = order.Refunded,
    };
}
