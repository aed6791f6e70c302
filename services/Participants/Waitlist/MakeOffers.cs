using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.Participants.Inventory;
using Microsoft.Extensions.Options;

namespace EventFly.Participants.Waitlist;

/// <summary>
/// Offers what is free to those who wait, until nothing is left to offer, and notes when to look again. What it does follows from the inventory and the
/// time alone, so it may run twice, on several machines, and at any time.
/// </summary>
internal sealed class MakeOffers(Streams streams, Documents<WaitlistWatch> watches, TimeProvider clock, IOptions<InventoryOptions> options)
{
    private const int MostRounds = 200;

    public async Task For(Guid eventId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var offerTime = options.Value.OfferTime;
        Decided<TicketInventory> decided;
        var rounds = 0;
        bool isMoreDue;
        do
        {
            decided = await streams.DecideInventory(eventId, inventory => inventory.Offer(now, offerTime), cancellationToken);
            decided.OrThrow();
            isMoreDue = decided.State.Offer(now, offerTime).Events.Count > 0;
        }
        while (isMoreDue && ++rounds < MostRounds);

        // A list that is too long for one go is gone on with in a second.
        var soon = now.AddSeconds(1);
        var due = decided.State.NextLook(now, options.Value.HoldTime) is { } next ? isMoreDue || next < soon ? soon : next : (DateTimeOffset?)null;
        (await watches.Change(eventId.ToString(), current => Watch(current?.Body, eventId, due, decided.Version), cancellationToken)).OrThrow();
    }

    private static Change<WaitlistWatch> Watch(WaitlistWatch? current, Guid eventId, DateTimeOffset? due, long revision) => (current, due) switch
    {
        (not null, _) when current.Revision > revision => Decision.Nothing,
        (null, null) => Decision.Nothing,
        (not null, null) => Change.Delete<WaitlistWatch>(),
        _ => new WaitlistWatch(eventId, due.Value, revision),
    };
}
