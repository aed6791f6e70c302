using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Snapshots;

namespace EventFly.Participants.Inventory;

internal static class InventoryStream
{
    public static StreamDefinition<TicketInventory, InventoryEvent> Definition { get; } = new(
        "inventory",
        new EventNames<InventoryEvent>()
            .Add<SalesOpened>("sales-opened")
            .Add<TermsChanged>("terms-changed")
            .Add<TicketsHeld>("tickets-held")
            .Add<HoldsLapsed>("holds-lapsed")
            .Add<HoldReleased>("hold-released")
            .Add<TicketsSold>("tickets-sold")
            .Add<SaleRefused>("sale-refused")
            .Add<SaleReturned>("sale-returned")
            .Add<TicketsReturned>("tickets-returned")
            .Add<InventoryClosed>("inventory-closed")
            .Add<SalesWithdrawn>("sales-withdrawn")
            .Add<PriceChanged>("price-changed")
            .Add<WaitlistJoined>("waitlist-joined")
            .Add<WaitlistLeft>("waitlist-left")
            .Add<TicketsOffered>("tickets-offered")
            .Add<OffersLapsed>("offers-lapsed")
            .Add<WaitlistClosed>("waitlist-closed"),
        Announcements.Of)
    {
        Snapshots = SnapshotForm.Of<TicketInventory>(),
    };

    public static Task<Decided<TicketInventory>> DecideInventory(
        this Streams streams, Guid eventId, Func<TicketInventory, BuildingBlocks.Decisions.Decision<InventoryEvent>> decide, CancellationToken cancellationToken) =>
        streams.Decide(Definition.StreamOf(eventId), decide, cancellationToken);

    public static Task<Decided<TicketInventory>> ReadInventory(this Streams streams, Guid eventId, CancellationToken cancellationToken) =>
        streams.Read<TicketInventory, InventoryEvent>(Definition.StreamOf(eventId), cancellationToken);
}
