using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.EventStore;
using EventFly.Participants.Inventory;

namespace EventFly.Participants.Orders;

/// <summary>
/// The inventory gets back what an order does without. What is said is how many it keeps, which only ever falls: so it may be said twice, late and in
/// any order, and before or after the tickets were sold.
/// </summary>
internal static class ReturnTickets
{
    public static Task<Decided<TicketInventory>> Of(Order order, Streams streams, TimeProvider clock, CancellationToken cancellationToken) =>
        streams.DecideInventory(order.Details!.EventId, inventory => Decide(order, inventory, clock.GetUtcNow()), cancellationToken);

    /// <param name="order">As it was read, maybe some time ago.</param>
    public static Decision<InventoryEvent> Decide(Order order, TicketInventory inventory, DateTimeOffset now)
    {
        var orderId = order.Details!.OrderId;
        return order switch
        {
            { ConfirmedAt: not null, HasTickets: false } => inventory.Return(orderId),
            // Sold meanwhile: the reaction to the payment gives tickets and money back.
            { Status: OrderStatus.Cancelled, ConfirmedAt: null } when inventory.Allotments.GetValueOrDefault(orderId)?.Status is AllotmentStatus.Sold => Decision.Nothing,
            { Status: OrderStatus.Cancelled, ConfirmedAt: null } => inventory.Release(orderId, order.Details.BuyerId, now),
            _ => inventory.Keep(orderId, Kept(order)),
        };
    }

    private static TicketCount[] Kept(Order order) =>
    [
        .. order.Tickets.Where(ticket => !ticket.IsVoid).GroupBy(ticket => (ticket.TicketTypeId, ticket.Price))
            .Select(same => new TicketCount(same.Key.TicketTypeId, same.Key.Price, same.Count())),
    ];
}
