using EventFly.BuildingBlocks.EventStore;
using EventFly.Participants.Inventory;

namespace EventFly.Participants.Orders;

/// <summary>What a payment does for other orders: the held tickets are sold, then the order is confirmed.</summary>
internal static class FinishFreeOrder
{
    public static async Task<Decided<Order>> Finish(Streams streams, OrderDetails details, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (inventory, refusal) = await streams.DecideInventory(
            details.EventId, state => state.Sell(details.OrderId, clock.GetUtcNow()), cancellationToken);
        if (refusal is not null)
        {
            return new Decided<Order>(Order.Initial, 0, refusal);
        }

        var sold = inventory.Allotments[details.OrderId].Status is AllotmentStatus.Sold;
        var order = await streams.DecideOrder(
            details.OrderId, state => sold ? state.ConfirmFree(clock.GetUtcNow()) : state.RefuseFree(clock.GetUtcNow()), cancellationToken);
        if (sold && order is { Refusal: null, State: { HasTickets: false, IsOpen: false } })
        {
            // Cancelled in between: the tickets go back.
            var (_, busy) = await streams.DecideInventory(details.EventId, state => state.Return(details.OrderId), cancellationToken);
            return order with { Refusal = busy };
        }

        return order;
    }
}
