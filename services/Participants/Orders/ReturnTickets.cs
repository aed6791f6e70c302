using EventFly.BuildingBlocks.EventStore;
using EventFly.Participants.Inventory;

namespace EventFly.Participants.Orders;

/// <summary>
/// The inventory gets back what an order does without. What is said is how many it keeps, which only ever falls: so it may be said twice, late and in
/// any order, and before or after the tickets were sold.
/// </summary>
internal static class ReturnTickets
{
    public static Task<Decided<TicketInventory>> Of(Order order, Streams streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (orderId, eventId, buyerId) = (order.Details!.OrderId, order.Details.EventId, order.Details.BuyerId);
        TicketCount[] kept =
        [
            .. order.Tickets.Where(ticket => !ticket.IsVoid).GroupBy(ticket => (ticket.TicketTypeId, ticket.Price))
                .Select(same => new TicketCount(same.Key.TicketTypeId, same.Key.Price, same.Count())),
        ];
        return streams.DecideInventory(
            eventId,
            inventory => order switch
            {
                { ConfirmedAt: not null, HasTickets: false } => inventory.Return(orderId),
                // Sold meanwhile: the reaction to the payment gives tickets and money back.
                { Status: OrderStatus.Cancelled, ConfirmedAt: null } when inventory.Allotments.GetValueOrDefault(orderId)?.Status is not AllotmentStatus.Sold =>
                    inventory.Release(orderId, buyerId, clock.GetUtcNow()),
                { Status: OrderStatus.Cancelled, ConfirmedAt: null } => BuildingBlocks.Decisions.Decision.Nothing,
                _ => inventory.Keep(orderId, kept),
            },
            cancellationToken);
    }
}
