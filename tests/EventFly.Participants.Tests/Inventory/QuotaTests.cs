using System.Text.Json;
using EventFly.BuildingBlocks;
using EventFly.Participants.Inventory;
using static EventFly.Participants.Tests.Deciding;

namespace EventFly.Participants.Tests.Inventory;

public sealed class QuotaTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(10);
    private static readonly Guid Alice = Guid.Parse("a1a1a1a1-0000-7000-8000-000000000001");
    private static readonly Guid Seat = Guid.Parse("5ea75ea7-0000-7000-8000-000000000001");
    private static readonly Guid Box = Guid.Parse("b0cb0cb0-0000-7000-8000-000000000001");
    private static readonly Guid Hall = Guid.Parse("4a114a11-0000-7000-8000-000000000001");
    private static readonly Guid Annexe = Guid.Parse("4a114a11-0000-7000-8000-000000000002");
    private static readonly Guid Order = Guid.Parse("0d0d0d0d-0000-7000-8000-000000000001");
    private static readonly Guid OtherOrder = Guid.Parse("0d0d0d0d-0000-7000-8000-000000000002");

    [Fact]
    public void A_quota_that_is_full_is_named_and_stops_each_type_that_draws_on_it()
    {
        var inventory = Given(Opened(Terms(hall: 3)), Held(Order, Seat, 3));

        var refusal = Refused("sold-out", inventory.Hold(OtherOrder, Alice, [new(Box, 1)], Now, HoldTime));

        Assert.Equal("No places are left in Hall.", refusal.Message);
        Assert.Contains($$"""{"quotaId":"{{Hall}}","name":"Hall","wanted":1,"free":0}""", JsonSerializer.Serialize(refusal.Details, EventFlyJson.Options), StringComparison.Ordinal);
        Assert.Equal((0, 0), (inventory.FreeAt(Seat, Now), inventory.FreeAt(Box, Now)));
    }

    [Fact]
    public void A_party_of_several_types_fits_into_their_quota_as_a_whole_or_not_at_all()
    {
        var inventory = Given(Opened(Terms(hall: 3)));

        Refused("sold-out", inventory.Hold(Order, Alice, [new(Seat, 2), new(Box, 2)], Now, HoldTime));
        Assert.Single(inventory.Hold(Order, Alice, [new(Seat, 2), new(Box, 1)], Now, HoldTime).Events);
    }

    [Fact]
    public void A_type_counts_in_each_of_its_quotas()
    {
        var inventory = Given(Opened(Terms(hall: 9, annexe: 2, boxIn: [Hall, Annexe])), Held(Order, Box, 2));

        Assert.Equal((7, 0), (inventory.FreeAt(Seat, Now), inventory.FreeAt(Box, Now)));
    }

    [Fact]
    public void Whatever_frees_a_ticket_frees_its_place()
    {
        var held = Given(Opened(Terms(hall: 2)), Held(Order, Seat, 2));
        var sold = Given(held, new TicketsSold(Order));

        Assert.Equal(0, sold.FreeAt(Box, Now.AddDays(1)));
        Assert.Equal(2, Given(sold, new SaleReturned(Order)).FreeAt(Box, Now));
        Assert.Equal(2, Given(held, new HoldReleased(Order)).FreeAt(Box, Now));
        Assert.Equal((0, 2), (held.FreeAt(Box, Now), held.FreeAt(Box, Now + HoldTime)));
        Assert.Equal(2, Given(held, new HoldsLapsed(Now + HoldTime)).FreeAt(Box, Now));
    }

    [Fact]
    public void A_payment_that_comes_late_buys_only_while_its_quota_has_room()
    {
        var lapsed = Given(Opened(Terms(hall: 2)), Held(Order, Seat, 2), new HoldsLapsed(Now + HoldTime));

        Assert.Equal([new TicketsSold(Order)], lapsed.Sell(Order, Now + HoldTime).Events);
        Assert.Equal([new SaleRefused(Order, "sold-out")], Given(lapsed, Held(OtherOrder, Box, 1, Now.AddHours(1))).Sell(Order, Now + HoldTime).Events);
    }

    [Fact]
    public void A_type_that_moves_to_another_quota_takes_its_tickets_along()
    {
        var inventory = Given(Opened(Terms(hall: 4, annexe: 4)), Held(Order, Box, 1), Held(OtherOrder, Box, 2), new TicketsSold(OtherOrder), Held(Guid.CreateVersion7(), Seat, 1));

        var moved = Given(inventory, new TermsChanged(Terms(hall: 4, annexe: 4, boxIn: [Annexe]), 2));

        Assert.Equal((0, 3, 1), (inventory.FreeAt(Box, Now), moved.FreeAt(Seat, Now), moved.FreeAt(Box, Now)));
        Assert.Equal(2, Given(moved, new HoldReleased(Order)).FreeAt(Box, Now));
        Assert.Equal(2, moved.FreeAt(Box, Now + HoldTime));
        Assert.Equal(4, Given(moved, new HoldReleased(Order), new SaleReturned(OtherOrder)).FreeAt(Box, Now));
    }

    [Fact]
    public void A_quota_that_is_lowered_below_what_is_sold_takes_nothing_away_and_sells_nothing_more()
    {
        var inventory = Given(Opened(Terms(hall: 5)), Held(Order, Seat, 3), new TicketsSold(Order), Held(OtherOrder, Box, 1));

        var lowered = Given(inventory, new TermsChanged(Terms(hall: 2), 2));

        Assert.Equal((0, 0), (lowered.FreeAt(Seat, Now), lowered.FreeAt(Box, Now)));
        Assert.Equal([new TicketsSold(OtherOrder)], lowered.Sell(OtherOrder, Now).Events);
        Assert.Equal(1, Given(lowered, new HoldReleased(OtherOrder), new TermsChanged(Terms(hall: 4), 3)).FreeAt(Box, Now));
    }

    [Fact]
    public void A_quota_that_is_gone_limits_nothing_and_one_that_is_new_counts_what_was_sold_before()
    {
        var inventory = Given(Opened(Terms(hall: 2)), Held(Order, Seat, 2));
        var without = Terms(hall: 2) with { Quotas = [] };

        var gone = Given(inventory, new TermsChanged(without, 2));
        var back = Given(gone, new TermsChanged(Terms(hall: 3), 3));

        Assert.Equal((100, 1), (gone.FreeAt(Box, Now), back.FreeAt(Box, Now)));
    }

    [Fact]
    public void Terms_that_were_stored_before_there_were_quotas_still_read()
    {
        var opened = (SalesOpened)InventoryAudit.EventNames.Read(new(
            1,
            "sales-opened",
            """{"terms":{"eventId":"e0e0e0e0-0000-7000-8000-000000000001","organizationId":"00f00f00-0000-7000-8000-000000000001","name":"Concert","startsAt":"2026-07-01T12:00:00Z","endsAt":"2026-07-02T12:00:00Z","ticketTypes":[{"ticketTypeId":"5ea75ea7-0000-7000-8000-000000000001","name":"Seat","price":1000,"currency":"EUR","quantity":5}]},"revision":1}"""u8.ToArray(),
            Now));

        Assert.Equal(5, Given(opened).FreeAt(Seat, Now));
    }

    private static SalesOpened Opened(EventTerms terms) => new(terms, 1);

    private static EventTerms Terms(int hall, int annexe = 100, IReadOnlyList<Guid>? boxIn = null) => new(
        Guid.Empty, Guid.Empty, "Concert", Now.AddDays(30), Now.AddDays(31), null,
        [
            new TicketTerms(Seat, "Seat", 1000, "EUR", 100, null, null, null) { QuotaIds = [Hall] },
            new TicketTerms(Box, "Box", 1000, "EUR", 100, null, null, null) { QuotaIds = boxIn ?? [Hall] },
        ])
    {
        Quotas = [new QuotaTerms(Hall, "Hall", hall), new QuotaTerms(Annexe, "Annexe", annexe)],
    };

    private static TicketsHeld Held(Guid order, Guid type, int quantity, DateTimeOffset? until = null) =>
        new(order, Alice, "EUR", [new(type, "Ticket", quantity, 1000)], until ?? Now + HoldTime);

    private static TicketInventory Given(params InventoryEvent[] events) => Given(TicketInventory.Initial, events);

    private static TicketInventory Given(TicketInventory state, params InventoryEvent[] events) => events.Aggregate(state, TicketInventory.Evolve);
}
