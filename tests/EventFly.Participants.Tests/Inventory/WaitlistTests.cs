using EventFly.BuildingBlocks.Decisions;
using EventFly.Participants.Inventory;
using static EventFly.Participants.Tests.Deciding;

namespace EventFly.Participants.Tests.Inventory;

public sealed class WaitlistTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan OfferTime = TimeSpan.FromHours(1);
    private static readonly Guid Alice = Guid.Parse("a1a1a1a1-0000-7000-8000-000000000001");
    private static readonly Guid Bob = Guid.Parse("b0b0b0b0-0000-7000-8000-000000000001");
    private static readonly Guid Carol = Guid.Parse("ca401ca4-0000-7000-8000-000000000001");
    private static readonly Guid Seat = Guid.Parse("5ea75ea7-0000-7000-8000-000000000001");
    private static readonly Guid Box = Guid.Parse("b0cb0cb0-0000-7000-8000-000000000001");
    private static readonly Guid Hall = Guid.Parse("4a114a11-0000-7000-8000-000000000001");
    private static readonly Guid First = Guid.Parse("11111111-0000-7000-8000-000000000001");
    private static readonly Guid Second = Guid.Parse("22222222-0000-7000-8000-000000000002");
    private static readonly Guid Third = Guid.Parse("33333333-0000-7000-8000-000000000003");

    [Fact]
    public void One_waits_for_what_is_sold_out_only()
    {
        var inventory = Given(Opened(seats: 2), Sold(Seat, 1, out _));

        Refused("tickets-free", inventory.Join(First, Alice, [new(Seat, 1)], Now));
        Refused("tickets-free", inventory.Join(First, Alice, [new(Seat, 2)], Now));
        Assert.Equal(new WaitlistJoined(First, Alice, [], Now).EntryId, Single<WaitlistJoined>(Given(inventory, Sold(Seat, 1, out _)).Join(First, Alice, [new(Seat, 2)], Now)).EntryId);
    }

    [Fact]
    public void What_is_freed_is_offered_in_the_order_of_joining()
    {
        var inventory = Given(Opened(seats: 2), Sold(Seat, 1, out var one), Sold(Seat, 1, out var two), Joined(First, Alice, Seat, 1), Joined(Second, Bob, Seat, 1));

        Assert.Equal([First], Offered(Given(inventory, new SaleReturned(one)), Now));
        Assert.Equal([First, Second], Offered(Given(inventory, new SaleReturned(one), new SaleReturned(two)), Now));
        Assert.Empty(Offered(inventory, Now));
    }

    [Fact]
    public void An_offer_is_a_hold_until_its_deadline_at_the_price_of_then()
    {
        var inventory = Given(Opened(seats: 2), Sold(Seat, 2, out var sold), Joined(First, Alice, Seat, 2), new SaleReturned(sold));

        var decided = inventory.Offer(Now, OfferTime);

        Assert.Equal([typeof(TicketsHeld), typeof(TicketsOffered)], decided.Events.Select(happened => happened.GetType()));
        var after = After(inventory, decided);
        Assert.Equal((Now + OfferTime, 2000L, Alice), (after.Allotments[First].Until, after.Allotments[First].Amount, after.Allotments[First].BuyerId));
        NothingHappens(after.Hold(First, Alice, [new(Seat, 2)], Now, HoldTime));
        Assert.Equal([new TicketsSold(First)], after.Sell(First, Now).Events);
        Assert.Equal(WaitlistStatus.Accepted, After(after, after.Sell(First, Now)).Waiting.Entries[First].Status);
    }

    [Fact]
    public void Nobody_takes_what_gathers_for_a_larger_party()
    {
        var inventory = Given(
            Opened(seats: 4), Sold(Seat, 2, out var one), Sold(Seat, 1, out var two), Sold(Seat, 1, out _), Joined(First, Alice, Seat, 3), Joined(Second, Bob, Seat, 1));

        var half = Given(inventory, new SaleReturned(one));
        NothingHappens(half.Offer(Now, OfferTime));
        Refused("join-waitlist", half.Hold(Third, Carol, [new(Seat, 1)], Now, HoldTime));
        Assert.Equal([First], Offered(Given(half, new SaleReturned(two)), Now));
    }

    [Fact]
    public void A_late_payment_does_not_take_what_others_wait_for()
    {
        var inventory = Given(Opened(seats: 1), Held(Third, Carol, Seat, 1, Now), Joined(First, Alice, Seat, 1));

        Assert.Equal([new SaleRefused(Third, "join-waitlist")], inventory.Sell(Third, Now).Events);
        Assert.Equal([First], Offered(inventory, Now));
    }

    [Fact]
    public void A_hold_that_lapsed_is_offered_by_whoever_looks()
    {
        var inventory = Given(Opened(seats: 1), Held(Third, Carol, Seat, 1, Now + HoldTime), Joined(First, Alice, Seat, 1));

        NothingHappens(inventory.Offer(Now + HoldTime - TimeSpan.FromTicks(1), OfferTime));
        Assert.Equal(Now + HoldTime, inventory.NextLook(Now, TimeSpan.FromDays(1)));
        Assert.Equal(
            [typeof(HoldsLapsed), typeof(TicketsHeld), typeof(TicketsOffered)],
            inventory.Offer(Now + HoldTime, OfferTime).Events.Select(happened => happened.GetType()));
    }

    [Fact]
    public void Declined_and_lapsed_offers_go_to_the_next()
    {
        var offered = AfterOffer(Given(Opened(seats: 1), Sold(Seat, 1, out var sold), Joined(First, Alice, Seat, 1), Joined(Second, Bob, Seat, 1), new SaleReturned(sold)), Now);

        var declined = After(offered, offered.Leave(First, Alice, Now));
        Assert.Equal(WaitlistStatus.Declined, declined.Waiting.Entries[First].Status);
        Assert.Equal([Second], Offered(declined, Now));

        var lapsed = AfterOffer(offered, Now + OfferTime);
        Assert.Equal((WaitlistStatus.Lapsed, WaitlistStatus.Offered), (lapsed.Waiting.Entries[First].Status, lapsed.Waiting.Entries[Second].Status));
        Refused("waitlist-entry-over", lapsed.Join(First, Alice, [new(Seat, 1)], Now + OfferTime));
        Assert.Single(lapsed.Join(Third, Alice, [new(Seat, 1)], Now + OfferTime).Events);
    }

    [Fact]
    public void A_party_of_several_types_gets_all_or_nothing()
    {
        var inventory = Given(
            Opened(seats: 1, boxes: 1), Sold(Seat, 1, out var seat), Sold(Box, 1, out var box), Joined(First, Alice, [new(Seat, 1), new(Box, 1)]), Joined(Second, Bob, Seat, 1));

        var half = Given(inventory, new SaleReturned(seat));
        NothingHappens(half.Offer(Now, OfferTime));
        Assert.Equal([First], Offered(Given(half, new SaleReturned(box)), Now));
        Assert.Equal([Second], Offered(Given(half, new WaitlistLeft(First)), Now));
    }

    [Fact]
    public void Who_waits_for_other_tickets_is_not_in_the_way()
    {
        var inventory = Given(
            Opened(seats: 1, boxes: 1), Sold(Seat, 1, out _), Sold(Box, 1, out var box), Joined(First, Alice, Seat, 1), Joined(Second, Bob, Box, 1), new SaleReturned(box));

        Assert.Equal([Second], Offered(inventory, Now));
    }

    [Fact]
    public void Waiting_for_one_type_does_not_stop_the_sale_of_another_in_the_same_hall()
    {
        var inventory = Given(
            Opened(seats: 2, boxes: 50, hall: 52), Sold(Seat, 2, out _), Joined(First, Alice, Seat, 2), Joined(Second, Bob, Seat, 2), Joined(Third, Carol, [new(Seat, 1), new(Box, 3)]));

        Assert.Single(inventory.Hold(Guid.CreateVersion7(), Bob, [new(Box, 50)], Now, HoldTime).Events);
        Refused("join-waitlist", inventory.Hold(Guid.CreateVersion7(), Bob, [new(Seat, 1)], Now, HoldTime));
    }

    [Fact]
    public void In_a_full_hall_one_line_is_kept_for_all_types()
    {
        var inventory = Given(
            Opened(seats: 50, boxes: 50, hall: 2), Sold(Seat, 1, out var seat), Sold(Box, 1, out var box), Joined(First, Alice, Seat, 2), Joined(Second, Bob, Box, 1), new SaleReturned(box));

        NothingHappens(inventory.Offer(Now, OfferTime));
        Refused("join-waitlist", inventory.Hold(Third, Carol, [new(Box, 1)], Now, HoldTime));
        Assert.Equal([First], Offered(Given(inventory, new SaleReturned(seat)), Now));
    }

    [Fact]
    public void More_capacity_of_a_type_or_of_its_quota_is_offered_first_to_those_who_wait()
    {
        var full = Given(Opened(seats: 1, hall: 9), Sold(Seat, 1, out _), Joined(First, Alice, Seat, 1));
        var fullHall = Given(Opened(seats: 9, hall: 1), Sold(Seat, 1, out _), Joined(First, Alice, Seat, 1));

        Assert.Equal([First], Offered(Given(full, new TermsChanged(Opened(seats: 2, hall: 9).Terms, 2)), Now));
        Assert.Equal([First], Offered(Given(fullHall, new TermsChanged(Opened(seats: 9, hall: 2).Terms, 2)), Now));
    }

    [Fact]
    public void A_party_that_no_longer_fits_the_event_stops_nobody()
    {
        var inventory = Given(
            Opened(seats: 4), Sold(Seat, 3, out var sold), Sold(Seat, 1, out _), Joined(First, Alice, Seat, 4), Joined(Second, Bob, Seat, 1),
            new TermsChanged(Opened(seats: 3).Terms, 2), new SaleReturned(sold));

        Assert.Equal([Second], Offered(inventory, Now));
        Assert.Equal(WaitlistStatus.Waiting, inventory.Waiting.Entries[First].Status);
    }

    [Fact]
    public void One_buyer_waits_once_for_the_same_types_and_not_beyond_the_limit()
    {
        var inventory = Given(Opened(seats: 4, boxes: 1, limit: 3), Sold(Seat, 3, out _), Sold(Seat, 1, out _), Sold(Box, 1, out _), Joined(First, Alice, Seat, 2));

        Assert.Contains(First, Refused("already-waiting", inventory.Join(Second, Alice, [new(Seat, 1)], Now)).Details!.Values);
        Refused("per-buyer-limit", inventory.Join(Second, Alice, [new(Seat, 2), new(Box, 1)], Now));
        Refused("per-buyer-limit", inventory.Join(Second, Bob, [new(Seat, 4)], Now));
        Assert.Single(inventory.Join(Second, Alice, [new(Seat, 1), new(Box, 1)], Now).Events);
    }

    [Fact]
    public void Who_reached_the_limit_meanwhile_is_passed_over()
    {
        var inventory = Given(
            Opened(seats: 3, limit: 2), Held(Third, Alice, Seat, 2, Now), new HoldsLapsed(Now), Sold(Seat, 2, out _), Sold(Seat, 1, out var sold),
            Joined(First, Alice, Seat, 1), Joined(Second, Bob, Seat, 1));

        // Alice's late payment finds room because the organiser adds some; with it she has all that one buyer may have.
        var paid = Given(inventory, new TermsChanged(Opened(seats: 5, limit: 2).Terms, 2), new TicketsSold(Third), new SaleReturned(sold));

        var passed = AfterOffer(paid, Now);
        Assert.Equal(WaitlistStatus.Closed, passed.Waiting.Entries[First].Status);
        Assert.Equal([Second], Offered(passed, Now));
    }

    [Fact]
    public void The_end_of_the_sale_and_of_the_event_close_the_list()
    {
        var inventory = Given(Opened(seats: 1), Sold(Seat, 1, out var sold), Joined(First, Alice, Seat, 1));
        var ended = inventory.Terms!.EndsAt;

        var closed = Single<WaitlistClosed>(Given(inventory, new SaleReturned(sold)).Offer(ended, OfferTime));
        Assert.Equal(("sales-ended", First), (closed.Reason, closed.EntryIds[0]));

        var cancelled = Single<WaitlistClosed>(Given(inventory, new InventoryClosed("storm")).Offer(Now, OfferTime));
        Assert.Equal(("event-cancelled", First), (cancelled.Reason, cancelled.EntryIds[0]));
        Refused("event-cancelled", Given(inventory, new InventoryClosed("storm")).Join(Second, Bob, [new(Seat, 1)], Now));
    }

    [Fact]
    public void An_offer_ends_with_the_sale()
    {
        var inventory = Given(Opened(seats: 1), Sold(Seat, 1, out var sold), Joined(First, Alice, Seat, 1), new SaleReturned(sold));
        var last = inventory.Terms!.EndsAt - TimeSpan.FromMinutes(5);

        Assert.Equal(inventory.Terms.EndsAt, AfterOffer(inventory, last).Allotments[First].Until);
    }

    [Fact]
    public void Joining_and_leaving_twice_is_joining_and_leaving_once()
    {
        var inventory = Given(Opened(seats: 1), Sold(Seat, 1, out var sold), Joined(First, Alice, Seat, 1));
        var left = After(inventory, inventory.Leave(First, Alice, Now));

        NothingHappens(inventory.Join(First, Alice, [new(Seat, 1)], Now));
        Refused("entry-id-taken", inventory.Join(First, Bob, [new(Seat, 1)], Now));
        Refused("entry-id-taken", inventory.Join(First, Alice, [new(Seat, 2)], Now));
        Refused("entry-id-taken", inventory.Join(sold, Alice, [new(Seat, 1)], Now));
        Refused("order-id-taken", inventory.Hold(First, Alice, [new(Seat, 1)], Now, HoldTime));
        Refused("waitlist-entry-unknown", inventory.Leave(First, Bob, Now));
        NothingHappens(left.Leave(First, Alice, Now));
        Assert.True(left.Waiting.IsQuiet);
    }

    [Fact]
    public void One_sees_how_many_are_ahead()
    {
        var inventory = Given(
            Opened(seats: 1, boxes: 1), Sold(Seat, 1, out _), Sold(Box, 1, out _), Joined(First, Alice, Seat, 3), Joined(Second, Bob, Box, 1),
            Joined(Third, Carol, [new(Seat, 1), new(Box, 2)]));

        Assert.Equal((0, 0), inventory.Waiting.AheadOf(inventory.Waiting.Entries[First]));
        Assert.Equal((0, 0), inventory.Waiting.AheadOf(inventory.Waiting.Entries[Second]));
        Assert.Equal((2, 4), inventory.Waiting.AheadOf(inventory.Waiting.Entries[Third]));
        Assert.Equal((2, 4), inventory.Waiting.WaitingFor(Seat));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(21)]
    public void A_party_is_of_1_to_20(int people) => Assert.NotNull(Given(Opened(seats: 100), Sold(Seat, 100, out _)).Join(First, Alice, [new(Seat, people)], Now).Refusal);

    [Fact]
    public void Offers_are_made_a_bounded_number_at_a_time_and_nobody_slips_in_between()
    {
        var waiting = Enumerable.Range(0, TicketInventory.MostOffersAtOnce + 1).Select(InventoryEvent (_) => Joined(Guid.CreateVersion7(), Guid.CreateVersion7(), Seat, 1)).ToArray();
        var inventory = Given(Given(Opened(seats: 500), Sold(Seat, 500, out var sold)), [.. waiting, new SaleReturned(sold)]);

        Refused("join-waitlist", inventory.Hold(Third, Carol, [new(Seat, 1)], Now, HoldTime));
        Assert.Equal(TicketInventory.MostOffersAtOnce, Offered(inventory, Now).Count);
        Assert.Single(Offered(AfterOffer(inventory, Now), Now));
        Assert.Single(AfterOffer(AfterOffer(inventory, Now), Now).Hold(Third, Carol, [new(Seat, 1)], Now, HoldTime).Events);
    }

    private static SalesOpened Opened(int seats, int boxes = 100, int hall = 1000, int? limit = null) => new(
        new EventTerms(
            Guid.Empty, Guid.Empty, "Concert", Now.AddDays(30), Now.AddDays(31), null,
            [
                new TicketTerms(Seat, "Seat", 1000, "EUR", seats, null, null, limit) { QuotaIds = [Hall] },
                new TicketTerms(Box, "Box", 1000, "EUR", boxes, null, null, null) { QuotaIds = [Hall] },
            ])
        {
            Quotas = [new QuotaTerms(Hall, "Hall", hall)],
        },
        1);

    private static TicketsHeld Held(Guid order, Guid buyer, Guid type, int quantity, DateTimeOffset until) =>
        new(order, buyer, "EUR", [new HeldLine(type, "Ticket", quantity, 1000)], until);

    // A hold that somebody pays in a moment: for the count it is the same.
    private static TicketsHeld Sold(Guid type, int quantity, out Guid order) => Held(order = Guid.CreateVersion7(), Guid.CreateVersion7(), type, quantity, Now.AddYears(1));

    private static WaitlistJoined Joined(Guid entry, Guid buyer, Guid type, int quantity) => Joined(entry, buyer, [new(type, quantity)]);

    private static WaitlistJoined Joined(Guid entry, Guid buyer, IReadOnlyList<WantedLine> lines) => new(entry, buyer, lines, Now);

    private static IReadOnlyList<Guid> Offered(TicketInventory inventory, DateTimeOffset now) =>
        [.. inventory.Offer(now, OfferTime).Events.OfType<TicketsOffered>().Select(offered => offered.EntryId)];

    private static TicketInventory AfterOffer(TicketInventory inventory, DateTimeOffset now) => After(inventory, inventory.Offer(now, OfferTime));

    private static TicketInventory Given(params InventoryEvent[] events) => Given(TicketInventory.Initial, events);

    private static TicketInventory Given(TicketInventory state, params InventoryEvent[] events) => events.Aggregate(
        state, (before, happened) => happened is TicketsHeld { Until: var until, OrderId: var order } && until > Now.AddMonths(1)
            ? TicketInventory.Evolve(TicketInventory.Evolve(before, happened), new TicketsSold(order))
            : TicketInventory.Evolve(before, happened));

    private static T Single<T>(Decision<InventoryEvent> decided) => Assert.IsType<T>(Assert.Single(decided.Events));
}
