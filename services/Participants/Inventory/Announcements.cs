using EventFly.Contracts.Participants;

namespace EventFly.Participants.Inventory;

internal static class Announcements
{
    public static IEnumerable<object> Of(InventoryEvent happened, TicketInventory inventory) => happened switch
    {
        SalesWithdrawn withdrawn => withdrawn.OrderIds.Select(orderId => new SaleWithdrawn(
            orderId, inventory.Terms!.EventId, inventory.ClosedBecause!)),
        _ => [],
    };
}
