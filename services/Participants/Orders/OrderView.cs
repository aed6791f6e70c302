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
            details.Amount, details.Currency, details.Tickets.Count, details.PlacedAt, details.PayBy, revision)
        {
            IsDisputed = order.IsDisputed,
        };
    }
}
