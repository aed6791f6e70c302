using EventFly.Contracts.Participants;

namespace EventFly.Participants.Inventory;

internal static class Announcements
{
    public static IEnumerable<object> Of(InventoryEvent happened, TicketInventory inventory) => happened switch
    {
        SalesWithdrawn withdrawn => withdrawn.OrderIds.Select(orderId => new SaleWithdrawn(
            orderId, inventory.Terms!.EventId, inventory.ClosedBecause!)),
        PriceChanged changed => [Of(changed, inventory.Terms!, inventory.Stocks[changed.TicketTypeId].Terms)],
        _ => WaitlistAnnouncements.Of(happened, inventory),
    };

    private static Contracts.Participants.PriceChanged Of(PriceChanged changed, EventTerms terms, TicketTerms type) => new(
        terms.EventId, changed.TicketTypeId, type.Name, changed.Number, changed.From, changed.To, type.Currency, changed.Tier, changed.DemandFrom, changed.Taken, changed.At);
}
