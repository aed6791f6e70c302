using System.Text.Json;
using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Decisions;
using EventFly.Participants.Inventory;
using static EventFly.Participants.Tests.Deciding;

namespace EventFly.Participants.Tests.Inventory;

public sealed class TicketInventoryTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(10);
    private static readonly Guid Alice = Guid.Parse("a1a1a1a1-0000-7000-8000-000000000001");
    private static readonly Guid Bob = Guid.Parse("b0b0b0b0-0000-7000-8000-000000000001");
    private static readonly Guid Seat = Guid.Parse("5ea75ea7-0000-7000-8000-000000000001");
    private static readonly Guid Box = Guid.Parse("b0cb0cb0-0000-7000-8000-000000000001");
    private static readonly Guid Order = Guid.Parse("0d0d0d0d-0000-7000-8000-000000000001");
    private static readonly Guid OtherOrder = Guid.Parse("0d0d0d0d-0000-7000-8000-000000000002");

    [Fact]
    public void A_hold_locks_quantity_and_price_until_its_deadline()
    {
        var inventory = Given(Opened(Type(Seat, quantity: 5, price: 2500)));

        var decided = inventory.Hold(Order, Alice, [new(Seat, 2)], Now, HoldTime);

        Happens(decided, new TicketsHeld(Order, Alice, "EUR", [new(Seat, "Seat", 2, 2500)], Now + HoldTime));
        var after = After(inventory, decided);
        Assert.Equal(3, after.FreeAt(Seat, Now));
        Assert.Equal(5000, after.Allotments[Order].Amount);
    }

    [Fact]
    public void The_price_of_a_hold_stays_when_the_organiser_raises_it()
    {
        var inventory = Given(
            Opened(Type(Seat, quantity: 5, price: 2500)), Held(Order, Alice, Seat, 2, Now + HoldTime, 2500), Changed(2, Type(Seat, quantity: 5, price: 9900)));

        Assert.Equal(5000, inventory.Allotments[Order].Amount);
        Assert.Equal(9900, Single<TicketsHeld>(inventory.Hold(OtherOrder, Bob, [new(Seat, 1)], Now, HoldTime)).Lines[0].UnitPrice);
    }

    [Fact]
    public void More_than_is_free_is_refused_with_what_is_left()
    {
        var inventory = Given(Opened(Type(Seat, quantity: 5)), Held(Order, Alice, Seat, 3, Now + HoldTime));

        var refusal = Refused("sold-out", inventory.Hold(OtherOrder, Bob, [new(Seat, 3)], Now, HoldTime));

        Assert.Contains("\"free\":2", Json(refusal.Details!), StringComparison.Ordinal);
        Assert.Single(inventory.Hold(OtherOrder, Bob, [new(Seat, 2)], Now, HoldTime).Events);
    }

    [Fact]
    public void Several_lines_are_held_together_or_not_at_all()
    {
        var inventory = Given(Opened(Type(Seat, quantity: 5), Type(Box, quantity: 1)), Held(Order, Alice, Box, 1, Now + HoldTime));

        var refused = inventory.Hold(OtherOrder, Bob, [new(Seat, 2), new(Box, 1)], Now, HoldTime);

        Refused("sold-out", refused);
        Assert.Empty(refused.Events);
        Assert.Equal(5, inventory.FreeAt(Seat, Now));
    }

    [Fact]
    public void A_hold_stops_counting_exactly_at_its_deadline()
    {
        var inventory = Given(Opened(Type(Seat, quantity: 1)), Held(Order, Alice, Seat, 1, Now + HoldTime));
        var deadline = Now + HoldTime;

        Refused("sold-out", inventory.Hold(OtherOrder, Bob, [new(Seat, 1)], deadline - TimeSpan.FromTicks(1), HoldTime));
        Happens(
            inventory.Hold(OtherOrder, Bob, [new(Seat, 1)], deadline, HoldTime),
            new HoldsLapsed(deadline),
            new TicketsHeld(OtherOrder, Bob, "EUR", [new(Seat, "Seat", 1, 1000)], deadline + HoldTime));
    }

    [Fact]
    public void What_lapsed_is_written_down_by_the_next_accepted_decision()
    {
        var inventory = Given(
            Opened(Type(Seat, quantity: 9), Type(Box, quantity: 9)),
            new TicketsHeld(Order, Alice, "EUR", [new(Seat, "Seat", 2, 1000), new(Box, "Box", 3, 1000)], Now),
            Held(OtherOrder, Bob, Seat, 1, Now + HoldTime));

        var settled = After(inventory, inventory.Lapse(Now));

        Assert.Equal((1, 0), (settled.CountOf(Seat).Held, settled.CountOf(Box).Held));
        Assert.Equal(AllotmentStatus.Lapsed, settled.Allotments[Order].Status);
        Assert.Equal(AllotmentStatus.Held, settled.Allotments[OtherOrder].Status);
        Assert.Empty(settled.Lapse(Now).Events);
    }

    [Fact]
    public void The_same_hold_again_changes_nothing()
    {
        var inventory = Given(Opened(Type(Seat, quantity: 5)), Held(Order, Alice, Seat, 2, Now + HoldTime));

        NothingHappens(inventory.Hold(Order, Alice, [new(Seat, 2)], Now.AddMinutes(1), HoldTime));
    }

    [Fact]
    public void An_order_id_is_taken_by_its_first_use()
    {
        var inventory = Given(Opened(Type(Seat, quantity: 5)), Held(Order, Alice, Seat, 2, Now + HoldTime));

        Refused("order-id-taken", inventory.Hold(Order, Bob, [new(Seat, 2)], Now, HoldTime));
        Refused("order-id-taken", inventory.Hold(Order, Alice, [new(Seat, 1)], Now, HoldTime));
        Refused("hold-expired", inventory.Hold(Order, Alice, [new(Seat, 2)], Now + HoldTime, HoldTime));
        Refused("order-id-taken", After(inventory, inventory.Release(Order, Alice, Now)).Hold(Order, Alice, [new(Seat, 2)], Now, HoldTime));
    }

    [Fact]
    public void Nothing_is_on_sale_before_the_event_is_published()
    {
        Refused("sales-not-open", TicketInventory.Initial.Hold(Order, Alice, [new(Seat, 1)], Now, HoldTime));
    }

    [Fact]
    public void Tickets_are_sold_from_the_first_to_before_the_last_moment_of_their_window()
    {
        var inventory = Given(Opened(Type(Seat, quantity: 5) with { SalesFrom = Now, SalesUntil = Now.AddHours(1) }));

        Refused("sales-not-started", inventory.Hold(Order, Alice, [new(Seat, 1)], Now.AddTicks(-1), HoldTime));
        Assert.Single(inventory.Hold(Order, Alice, [new(Seat, 1)], Now, HoldTime).Events);
        Assert.Single(inventory.Hold(Order, Alice, [new(Seat, 1)], Now.AddHours(1).AddTicks(-1), HoldTime).Events);
        Refused("sales-ended", inventory.Hold(Order, Alice, [new(Seat, 1)], Now.AddHours(1), HoldTime));
    }

    [Fact]
    public void Without_a_window_tickets_are_sold_until_the_event_ends()
    {
        var inventory = Given(Opened(Type(Seat, quantity: 5)));

        Refused("sales-ended", inventory.Hold(Order, Alice, [new(Seat, 1)], inventory.Terms!.EndsAt, HoldTime));
    }

    [Fact]
    public void An_unknown_ticket_type_is_refused()
    {
        var inventory = Given(Opened(Type(Seat, quantity: 5), Type(Box, quantity: 1)), Changed(2, Type(Seat, quantity: 5)));

        Refused("ticket-type-unknown", inventory.Hold(Order, Alice, [new(Guid.Empty, 1)], Now, HoldTime));
        Refused("ticket-type-unknown", inventory.Hold(Order, Alice, [new(Box, 1)], Now, HoldTime));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(101)]
    [InlineData(int.MaxValue)]
    public void A_quantity_that_makes_no_sense_is_refused(int quantity)
    {
        Refused("quantity-invalid", Given(Opened(Type(Seat, quantity: 5))).Hold(Order, Alice, [new(Seat, quantity)], Now, HoldTime));
    }

    [Fact]
    public void No_line_and_a_repeated_ticket_type_are_refused()
    {
        var inventory = Given(Opened(Type(Seat, quantity: 5), Type(Box, quantity: 5)));

        Refused("quantity-invalid", inventory.Hold(Order, Alice, [], Now, HoldTime));
        Refused("quantity-invalid", inventory.Hold(Order, Alice, [new(Seat, 1), new(Box, 1), new(Seat, 1)], Now, HoldTime));
        Refused("quantity-invalid", inventory.Hold(Order, Alice, [new(Seat, int.MaxValue), new(Box, int.MaxValue)], Now, HoldTime));
    }

    [Fact]
    public void An_order_has_one_currency()
    {
        var inventory = Given(Opened(Type(Seat, quantity: 5), Type(Box, quantity: 5) with { Currency = "CHF" }));

        Refused("currencies-differ", inventory.Hold(Order, Alice, [new(Seat, 1), new(Box, 1)], Now, HoldTime));
    }

    [Fact]
    public void A_buyer_may_have_no_more_than_the_limit_over_all_orders()
    {
        var inventory = Given(
            Opened(Type(Seat, quantity: 9) with { PerBuyerLimit = 3 }),
            Held(Order, Alice, Seat, 1, Now), new TicketsSold(Order), Held(OtherOrder, Alice, Seat, 1, Now + HoldTime));

        var refusal = Refused("per-buyer-limit", inventory.Hold(Guid.CreateVersion7(), Alice, [new(Seat, 2)], Now, HoldTime));

        Assert.Equal((3, 2), (refusal.Details!["limit"], refusal.Details["taken"]));
        Assert.Single(inventory.Hold(Guid.CreateVersion7(), Alice, [new(Seat, 1)], Now, HoldTime).Events);
        Assert.Single(inventory.Hold(Guid.CreateVersion7(), Bob, [new(Seat, 3)], Now, HoldTime).Events);
        Assert.Equal(2, inventory.Hold(Guid.CreateVersion7(), Alice, [new(Seat, 2)], Now + HoldTime, HoldTime).Events.Count);
    }

    [Fact]
    public void A_released_hold_is_free_at_once()
    {
        var inventory = Given(Opened(Type(Seat, quantity: 2)), Held(Order, Alice, Seat, 2, Now + HoldTime));

        var released = inventory.Release(Order, Alice, Now);

        Happens(released, new HoldReleased(Order));
        var after = After(inventory, released);
        Assert.Equal(2, after.FreeAt(Seat, Now));
        Assert.Empty(after.Shares);
        NothingHappens(after.Release(Order, Alice, Now));
    }

    [Fact]
    public void Only_its_buyer_releases_a_hold_and_only_before_the_sale()
    {
        var inventory = Given(Opened(Type(Seat, quantity: 2)), Held(Order, Alice, Seat, 2, Now + HoldTime));

        Refused("hold-unknown", inventory.Release(Order, Bob, Now));
        Refused("hold-unknown", inventory.Release(OtherOrder, Alice, Now));
        Refused("already-sold", After(inventory, inventory.Sell(Order, Now)).Release(Order, Alice, Now));
        NothingHappens(inventory.Release(Order, Alice, Now + HoldTime));
    }

    [Fact]
    public void A_payment_in_time_sells_what_is_held_once()
    {
        var inventory = Given(Opened(Type(Seat, quantity: 2)), Held(Order, Alice, Seat, 2, Now + HoldTime));

        var sold = inventory.Sell(Order, Now);

        Happens(sold, new TicketsSold(Order));
        var after = After(inventory, sold);
        Assert.Equal((0, 2), (after.CountOf(Seat).Held, after.CountOf(Seat).Sold));
        NothingHappens(after.Sell(Order, Now));
    }

    [Fact]
    public void A_payment_that_comes_late_gets_the_tickets_while_they_are_free()
    {
        var inventory = Given(Opened(Type(Seat, quantity: 2)), Held(Order, Alice, Seat, 2, Now));

        Happens(inventory.Sell(Order, Now), new HoldsLapsed(Now), new TicketsSold(Order));
        Assert.Equal((0, 2), Counted(After(inventory, inventory.Sell(Order, Now))));
    }

    [Fact]
    public void A_payment_that_comes_late_is_refused_once_the_tickets_are_gone()
    {
        var inventory = Given(
            Opened(Type(Seat, quantity: 1)), Held(Order, Alice, Seat, 1, Now), new HoldsLapsed(Now), Held(OtherOrder, Bob, Seat, 1, Now + HoldTime));

        var refused = inventory.Sell(Order, Now);

        Happens(refused, new SaleRefused(Order, "sold-out"));
        var after = After(inventory, refused);
        NothingHappens(after.Sell(Order, Now + HoldTime));
        Assert.Equal((1, 0), Counted(after));
    }

    [Fact]
    public void A_payment_that_comes_late_does_not_break_the_limit_per_buyer()
    {
        var inventory = Given(
            Opened(Type(Seat, quantity: 9) with { PerBuyerLimit = 1 }),
            Held(Order, Alice, Seat, 1, Now), new HoldsLapsed(Now), Held(OtherOrder, Alice, Seat, 1, Now + HoldTime));

        Happens(inventory.Sell(Order, Now), new SaleRefused(Order, "per-buyer-limit"));
    }

    [Fact]
    public void What_was_never_held_is_never_sold()
    {
        var inventory = Given(Opened(Type(Seat, quantity: 1)));

        Happens(inventory.Sell(Order, Now), new SaleRefused(Order, "never-held"));
        NothingHappens(After(inventory, inventory.Sell(Order, Now)).Sell(Order, Now));
    }

    [Fact]
    public void A_returned_sale_is_free_again_once()
    {
        var inventory = Given(Opened(Type(Seat, quantity: 2)), Held(Order, Alice, Seat, 2, Now + HoldTime), new TicketsSold(Order));

        var after = After(inventory, inventory.Return(Order));

        Assert.Equal(2, after.FreeAt(Seat, Now));
        NothingHappens(after.Return(Order));
        NothingHappens(after.Sell(Order, Now));
        NothingHappens(inventory.Return(OtherOrder));
    }

    [Fact]
    public void A_quantity_below_what_is_sold_leaves_nothing_free_and_never_less()
    {
        var inventory = Given(
            Opened(Type(Seat, quantity: 5)), Held(Order, Alice, Seat, 3, Now + HoldTime), new TicketsSold(Order), Changed(2, Type(Seat, quantity: 1)));

        Assert.Equal(0, inventory.FreeAt(Seat, Now));
        Refused("sold-out", inventory.Hold(OtherOrder, Bob, [new(Seat, 1)], Now, HoldTime));
        Assert.Equal(3, Given(inventory, Changed(3, Type(Seat, quantity: 6))).FreeAt(Seat, Now));
    }

    [Fact]
    public void The_newest_terms_count_in_whatever_order_they_are_heard()
    {
        var early = Terms(Type(Seat, quantity: 1));
        var late = Terms(Type(Seat, quantity: 7));

        var inventory = After(TicketInventory.Initial, TicketInventory.Initial.Announce(late, 4, Now));

        Assert.Equal(7, inventory.FreeAt(Seat, Now));
        NothingHappens(inventory.Announce(early, 3, Now));
        NothingHappens(inventory.Announce(late, 4, Now));
        Assert.IsType<TermsChanged>(Assert.Single(inventory.Announce(early, 5, Now).Events));
    }

    [Fact]
    public void A_cancelled_event_sells_nothing_more_and_calls_off_what_is_open()
    {
        var inventory = Given(
            Opened(Type(Seat, quantity: 9)), Held(Order, Alice, Seat, 2, Now + HoldTime), Held(OtherOrder, Bob, Seat, 1, Now + HoldTime), new TicketsSold(OtherOrder));

        var closed = After(inventory, inventory.Close("storm"));

        Refused("event-cancelled", closed.Hold(Guid.CreateVersion7(), Alice, [new(Seat, 1)], Now, HoldTime));
        Happens(closed.Sell(Order, Now), new SaleRefused(Order, "event-cancelled"));
        Assert.Equal([Order, OtherOrder], Single<SalesWithdrawn>(closed.Withdraw()).OrderIds.Order());
        var withdrawn = After(closed, closed.Withdraw());
        NothingHappens(withdrawn.Withdraw());
        NothingHappens(withdrawn.Close("storm"));
        Assert.Equal((0, 1), Counted(withdrawn));
    }

    [Fact]
    public void An_event_that_was_cancelled_before_it_was_heard_of_never_opens()
    {
        var closed = After(TicketInventory.Initial, TicketInventory.Initial.Close("storm"));

        NothingHappens(closed.Announce(Terms(Type(Seat, quantity: 1)), 1, Now));
        Refused("event-cancelled", closed.Hold(Order, Alice, [new(Seat, 1)], Now, HoldTime));
    }

    [Fact]
    public void Orders_of_a_cancelled_event_are_called_off_a_bounded_number_at_a_time()
    {
        var events = Enumerable.Range(0, TicketInventory.MostWithdrawnAtOnce + 1)
            .Select(InventoryEvent (_) => Held(Guid.CreateVersion7(), Alice, Seat, 1, Now + HoldTime));
        var inventory = Given([Opened(Type(Seat, quantity: 9999)), .. events, new InventoryClosed("storm")]);

        var first = Single<SalesWithdrawn>(inventory.Withdraw());
        var rest = Single<SalesWithdrawn>(After(inventory, inventory.Withdraw()).Withdraw());

        Assert.Equal((TicketInventory.MostWithdrawnAtOnce, 1), (first.OrderIds.Count, rest.OrderIds.Count));
        Assert.Empty(first.OrderIds.Intersect(rest.OrderIds));
    }

    private static TicketTerms Type(Guid id, int quantity, long price = 1000) =>
        new(id, id == Seat ? "Seat" : "Box", price, "EUR", quantity, null, null, null);

    private static EventTerms Terms(params TicketTerms[] types) =>
        new(Guid.Parse("e0e0e0e0-0000-7000-8000-000000000001"), Guid.Parse("00f00f00-0000-7000-8000-000000000001"), "Concert", Now.AddDays(30), Now.AddDays(31), null, types);

    private static SalesOpened Opened(params TicketTerms[] types) => new(Terms(types), 1);

    private static TermsChanged Changed(long revision, params TicketTerms[] types) => new(Terms(types), revision);

    private static TicketsHeld Held(Guid order, Guid buyer, Guid type, int quantity, DateTimeOffset until, long price = 1000) =>
        new(order, buyer, "EUR", [new(type, type == Seat ? "Seat" : "Box", quantity, price)], until);

    private static (int Held, int Sold) Counted(TicketInventory inventory) => (inventory.CountOf(Seat).Held, inventory.CountOf(Seat).Sold);

    private static TicketInventory Given(params InventoryEvent[] events) => Given(TicketInventory.Initial, events);

    private static TicketInventory Given(TicketInventory state, params InventoryEvent[] events) => events.Aggregate(state, TicketInventory.Evolve);

    private static T Single<T>(Decision<InventoryEvent> decided) => Assert.IsType<T>(Assert.Single(decided.Events));

    private static string Json(object value) => JsonSerializer.Serialize(value, EventFlyJson.Options);
}
