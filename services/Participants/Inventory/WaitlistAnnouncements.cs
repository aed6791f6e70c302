using Said = EventFly.Contracts.Participants;

namespace EventFly.Participants.Inventory;

internal static class WaitlistAnnouncements
{
    public static IEnumerable<object> Of(InventoryEvent happened, TicketInventory inventory)
    {
        var entries = inventory.Waiting.Entries;
        switch (happened)
        {
            case WaitlistJoined joined:
                yield return Joined(entries[joined.EntryId], inventory);
                break;
            case TicketsOffered offered:
                yield return Offered(entries[offered.EntryId], inventory);
                break;
            case WaitlistLeft left:
                yield return new Said.WaitlistLeft(left.EntryId, inventory.Terms!.EventId, entries[left.EntryId].BuyerId);
                break;
            case HoldReleased released when entries.TryGetValue(released.OrderId, out var entry):
                yield return new Said.OfferDeclined(entry.EntryId, inventory.Terms!.EventId, entry.BuyerId);
                break;
            case OffersLapsed lapsed:
                foreach (var id in lapsed.EntryIds)
                {
                    yield return new Said.OfferLapsed(id, inventory.Terms!.EventId, entries[id].BuyerId, inventory.Terms.Name);
                }

                break;
            case WaitlistClosed closed:
                foreach (var id in closed.EntryIds)
                {
                    yield return new Said.WaitlistClosed(id, inventory.Terms!.EventId, entries[id].BuyerId, inventory.Terms.Name, closed.Reason);
                }

                break;
            default:
                break;
        }

        if (inventory.Waiting.AnybodyWaits && MayFree(happened))
        {
            yield return new Said.TicketsFreed(inventory.Terms!.EventId);
        }
    }

    // What is not known here may free tickets: asking once too often for offers does no harm.
    private static bool MayFree(InventoryEvent happened) => happened is not (
        SalesOpened or PriceChanged or TicketsHeld or TicketsSold or WaitlistJoined or TicketsOffered or OffersLapsed or WaitlistClosed or InventoryClosed or SalesWithdrawn);

    private static Said.WaitlistJoined Joined(WaitlistEntry entry, TicketInventory inventory) => new(
        entry.EntryId, inventory.Terms!.EventId, inventory.Terms.OrganizationId, entry.BuyerId, inventory.Terms.Name, Lines(entry, inventory));

    private static Said.TicketsOffered Offered(WaitlistEntry entry, TicketInventory inventory)
    {
        var (terms, offer) = (inventory.Terms!, inventory.Allotments[entry.EntryId]);
        return new Said.TicketsOffered(
            entry.EntryId, terms.EventId, terms.OrganizationId, entry.BuyerId, terms.Name, Lines(entry, inventory), offer.Amount, offer.Currency, offer.Until);
    }

    private static Said.WaitlistLine[] Lines(WaitlistEntry entry, TicketInventory inventory) =>
        [.. entry.Lines.Select(line => new Said.WaitlistLine(line.TicketTypeId, inventory.Stocks[line.TicketTypeId].Terms.Name, line.Quantity))];
}
