using EventFly.BuildingBlocks.Documents;

namespace EventFly.Participants.Orders;

/// <summary>One line of a list of orders.</summary>
/// <param name="Revision">Version of the order that this was seen at.</param>
internal sealed record OrderView(
    Guid OrderId,
    Guid EventId,
    Guid OrganizationId,
    Guid BuyerId,
    string EventName,
    DateTimeOffset EventStartsAt,
    OrderStatus Status,
    long Amount,
    string Currency,
    int Tickets,
    DateTimeOffset PlacedAt,
    DateTimeOffset PayBy,
    long Revision)
{
    /// <summary>What is asked back of the paid amount and did not fail, in minor units.</summary>
    public long Refunded { get; init; }

    public DateTimeOffset? ConfirmedAt { get; init; }

    public static DocumentType<OrderView> Type { get; } = new DocumentType<OrderView>("orders", order => order.OrderId.ToString())
        .Text("buyer", order => order.BuyerId.ToString())
        .Text("event", order => order.EventId.ToString())
        .Text("status", order => order.Status.ToString())
        .Time("placedAt", order => order.PlacedAt)
        .Time("payBy", order => order.PayBy)
        .Index("buyer", "placedAt")
        .Index("event", "placedAt")
        .Index("status", "payBy");

    /// <summary>The buyer's bank asks for the money, or took it.</summary>
    public bool IsDisputed { get; init; }

    public static OrderView Of(Order order, long revision)
    {
        var details = order.Details!;
        return new OrderView(
            details.OrderId, details.EventId, details.OrganizationId, details.BuyerId, details.EventName, details.EventStartsAt, order.Status,
            order.Amount, details.Currency, order.Tickets.Count(ticket => !ticket.IsVoid), details.PlacedAt, details.PayBy, revision)
        {
            IsDisputed = order.IsDisputed, Refunded = order.Refunded, ConfirmedAt = order.ConfirmedAt,
        };
    }
}
