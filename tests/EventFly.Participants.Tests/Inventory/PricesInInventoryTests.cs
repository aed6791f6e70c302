using EventFly.BuildingBlocks.Decisions;
using EventFly.Participants.Inventory;
using static EventFly.Participants.Tests.Deciding;

namespace EventFly.Participants.Tests.Inventory;

/// <summary>Tiers, demand and codes as the inventory decides them.</summary>
public sealed class PricesInInventoryTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(10);
    private static readonly Guid Alice = Guid.Parse("a1a1a1a1-0000-7000-8000-000000000001");
    private static readonly Guid Bob = Guid.Parse("b0b0b0b0-0000-7000-8000-000000000001");
    private static readonly Guid Seat = Guid.Parse("5ea75ea7-0000-7000-8000-000000000001");
    private static readonly Guid Box = Guid.Parse("b0cb0cb0-0000-7000-8000-000000000001");
    private static readonly Guid Order = Guid.Parse("0d0d0d0d-0000-7000-8000-000000000001");
    private static readonly Guid OtherOrder = Guid.Parse("0d0d0d0d-0000-7000-8000-000000000002");
    private static readonly Guid CodeId = Guid.Parse("c0dec0de-0000-7000-8000-000000000001");

    private static readonly PriceRule EarlyBird = new([new PriceTier("Early", 1500, Now.AddDays(1), 3)], null);
    private static readonly PriceRule Demand = new([], new DemandPricing(1000, 4000, [new(50, 3000), new(80, 4000)]));

    [Fact]
    public void The_first_prices_are_written_down_when_sales_open()
    {
        var opened = TicketInventory.Initial.Announce(Terms([Type(Seat, EarlyBird), Type(Box)]), 1, Now);

        Assert.IsType<SalesOpened>(opened.Events[0]);
        Assert.Equal(
            [new PriceChanged(Seat, 1, null, 1500, "Early", null, 0, Now), new PriceChanged(Box, 2, null, 2000, null, null, 0, Now)], opened.Events.Skip(1));
    }

    [Fact]
    public void A_price_that_the_organiser_changes_is_written_down_and_one_that_stays_is_not()
    {
        var inventory = Opened(Type(Seat), Type(Box));

        var changed = inventory.Announce(Terms([Type(Seat) with { Price = 2500 }, Type(Box)]), 2, Now);

        Assert.Equal([new PriceChanged(Seat, 3, 2000, 2500, null, null, 0, Now)], changed.Events.Skip(1));
    }

    [Fact]
    public void A_party_that_takes_the_last_early_tickets_ends_the_tier()
    {
        var inventory = Opened(Type(Seat, EarlyBird));

        Happens(
            inventory.Hold(Order, Alice, [new(Seat, 5)], Now, HoldTime),
            new TicketsHeld(Order, Alice, "EUR", [new(Seat, "Seat", 3, 1500) { Tier = "Early" }, new(Seat, "Seat", 2, 2000)], Now + HoldTime),
            new PriceChanged(Seat, 2, 1500, 2000, null, null, 3, Now));
        Assert.Equal(8500, After(inventory, inventory.Hold(Order, Alice, [new(Seat, 5)], Now, HoldTime)).Allotments[Order].Amount);
    }

    [Fact]
    public void Each_step_that_a_party_crosses_is_written_down()
    {
        var inventory = Opened(Type(Seat, Demand, quantity: 10));

        var decided = inventory.Hold(Order, Alice, [new(Seat, 9)], Now, HoldTime);

        Assert.Equal(
            [new PriceChanged(Seat, 2, 2000, 3000, null, 50, 5, Now), new PriceChanged(Seat, 3, 3000, 4000, null, 80, 8, Now)], decided.Events.Skip(1));
    }

    [Fact]
    public void What_lapsed_makes_early_tickets_early_again()
    {
        var inventory = Opened(Type(Seat, EarlyBird));
        inventory = After(inventory, inventory.Hold(Order, Alice, [new(Seat, 3)], Now, HoldTime));

        Happens(
            inventory.Hold(OtherOrder, Bob, [new(Seat, 1)], Now + HoldTime, HoldTime),
            new HoldsLapsed(Now + HoldTime),
            new PriceChanged(Seat, 3, 2000, 1500, "Early", null, 0, Now + HoldTime),
            new TicketsHeld(OtherOrder, Bob, "EUR", [new(Seat, "Seat", 1, 1500) { Tier = "Early" }], Now + HoldTime + HoldTime));
    }

    [Fact]
    public void A_tier_that_ended_by_the_clock_is_written_down_by_whoever_comes_next()
    {
        var inventory = Opened(Type(Seat, EarlyBird));

        Happens(inventory.Lapse(Now.AddDays(1)), new PriceChanged(Seat, 2, 1500, 2000, null, null, 0, Now.AddDays(1)));
        Assert.Empty(inventory.Lapse(Now.AddDays(1).AddTicks(-1)).Events);
        Happens(
            inventory.Hold(Order, Alice, [new(Seat, 1)], Now.AddDays(1), HoldTime),
            new PriceChanged(Seat, 2, 1500, 2000, null, null, 0, Now.AddDays(1)),
            new TicketsHeld(Order, Alice, "EUR", [new(Seat, "Seat", 1, 2000)], Now.AddDays(1) + HoldTime));
    }

    [Fact]
    public void A_release_brings_the_price_back()
    {
        var inventory = Opened(Type(Seat, EarlyBird));
        inventory = After(inventory, inventory.Hold(Order, Alice, [new(Seat, 3)], Now, HoldTime));

        Happens(inventory.Release(Order, Alice, Now), new HoldReleased(Order), new PriceChanged(Seat, 3, 2000, 1500, "Early", null, 0, Now));
    }

    [Fact]
    public void A_late_payment_is_honoured_at_the_price_that_was_locked()
    {
        var inventory = Opened(Type(Seat, EarlyBird));
        inventory = After(inventory, inventory.Hold(Order, Alice, [new(Seat, 3)], Now, HoldTime));

        var late = After(inventory, inventory.Sell(Order, Now.AddDays(2)));

        Assert.Equal((AllotmentStatus.Sold, 4500), (late.Allotments[Order].Status, late.Allotments[Order].Amount));
    }

    [Fact]
    public void A_hold_is_repeated_with_its_code_and_in_the_lines_that_were_asked_for()
    {
        var inventory = Opened([Code(percentOff: 10)], Type(Seat, EarlyBird));
        inventory = After(inventory, inventory.Hold(Order, Alice, [new(Seat, 5)], Now, HoldTime, "hash"));

        Assert.Null(inventory.Hold(Order, Alice, [new(Seat, 5)], Now, HoldTime, "hash").Refusal);
        Refused("order-id-taken", inventory.Hold(Order, Alice, [new(Seat, 5)], Now, HoldTime));
        Refused("order-id-taken", inventory.Hold(Order, Alice, [new(Seat, 5)], Now, HoldTime, "other"));
        Refused("order-id-taken", inventory.Hold(Order, Alice, [new(Seat, 4)], Now, HoldTime, "hash"));
    }

    [Fact]
    public void A_code_is_good_from_its_first_to_before_its_last_moment()
    {
        var inventory = Opened([Code(percentOff: 10) with { ValidFrom = Now, ValidUntil = Now.AddHours(1) }], Type(Seat));

        Refused("code-unknown", inventory.Hold(Order, Alice, [new(Seat, 1)], Now, HoldTime, "other"));
        Refused("code-not-started", inventory.Hold(Order, Alice, [new(Seat, 1)], Now.AddTicks(-1), HoldTime, "hash"));
        Assert.Equal(1800, Held(inventory.Hold(Order, Alice, [new(Seat, 1)], Now, HoldTime, "hash")).Lines[0].UnitPrice);
        Assert.Equal(1800, Held(inventory.Hold(Order, Alice, [new(Seat, 1)], Now.AddHours(1).AddTicks(-1), HoldTime, "hash")).Lines[0].UnitPrice);
        Refused("code-expired", inventory.Hold(Order, Alice, [new(Seat, 1)], Now.AddHours(1), HoldTime, "hash"));
    }

    [Fact]
    public void A_code_is_for_the_tickets_that_it_names()
    {
        var inventory = Opened([Code(percentOff: 10, appliesTo: [Box])], Type(Seat), Type(Box));

        Refused("code-not-applicable", inventory.Hold(Order, Alice, [new(Seat, 1)], Now, HoldTime, "hash"));
        var lines = Held(inventory.Hold(Order, Alice, [new(Seat, 1), new(Box, 1)], Now, HoldTime, "hash")).Lines;
        Assert.Equal([(2000, null), (1800, (Guid?)CodeId)], lines.Select(line => (line.UnitPrice, line.CodeId)));
    }

    [Fact]
    public void A_hidden_type_is_unknown_to_those_who_have_no_code_for_it()
    {
        var inventory = Opened([Code(unlocks: [Box]), Code(percentOff: 10) with { CodeId = Guid.CreateVersion7(), CodeHash = "ten" }], Type(Seat), Type(Box) with { Hidden = true });

        var unknown = Refused("ticket-type-unknown", inventory.Hold(Order, Alice, [new(Box, 1)], Now, HoldTime));
        Assert.Equal(Text(unknown), Text(Refused("ticket-type-unknown", inventory.Hold(Order, Alice, [new(Box, 1)], Now, HoldTime, "ten"))));
        Assert.Equal(2000, Held(inventory.Hold(Order, Alice, [new(Box, 1)], Now, HoldTime, "hash")).Lines[0].UnitPrice);
        Refused("code-not-applicable", inventory.Hold(Order, Alice, [new(Seat, 1)], Now, HoldTime, "hash"));
    }

    [Fact]
    public void A_code_is_used_up_ticket_by_ticket_and_a_party_gets_it_whole_or_not()
    {
        var inventory = Opened([Code(percentOff: 10) with { UseLimit = 3 }], Type(Seat));
        inventory = After(inventory, inventory.Hold(Order, Alice, [new(Seat, 2)], Now, HoldTime, "hash"));

        var refusal = Refused("code-used-up", inventory.Hold(OtherOrder, Bob, [new(Seat, 2)], Now, HoldTime, "hash"));
        Assert.Equal(1, refusal.Details!["left"]);
        Assert.Equal("code", refusal.Field);
        inventory = After(inventory, inventory.Hold(OtherOrder, Bob, [new(Seat, 1)], Now, HoldTime, "hash"));
        Refused("code-used-up", inventory.Hold(Guid.CreateVersion7(), Bob, [new(Seat, 1)], Now, HoldTime, "hash"));
        Assert.Equal(0, inventory.UsesLeft(inventory.Terms!.Codes[0], Now));
    }

    [Fact]
    public void Uses_come_back_with_a_release_a_lapse_and_a_return()
    {
        var inventory = Opened([Code(percentOff: 10) with { UseLimit = 2 }], Type(Seat));
        var held = After(inventory, inventory.Hold(Order, Alice, [new(Seat, 2)], Now, HoldTime, "hash"));
        var sold = After(held, held.Sell(Order, Now));

        int? Left(TicketInventory state, DateTimeOffset at) => state.UsesLeft(state.Terms!.Codes[0], at);

        Assert.Equal(0, Left(held, Now));
        Assert.Equal(2, Left(After(held, held.Release(Order, Alice, Now)), Now));
        Assert.Equal(2, Left(held, Now + HoldTime));
        Assert.Equal(2, Left(After(held, held.Lapse(Now + HoldTime)), Now + HoldTime));
        Assert.Equal(0, Left(sold, Now + HoldTime));
        Assert.Equal(2, Left(After(sold, sold.Return(Order)), Now));
    }

    [Fact]
    public void One_buyer_gets_so_many_with_a_code_over_all_orders()
    {
        var inventory = Opened([Code(percentOff: 10) with { PerBuyerLimit = 2 }], Type(Seat), Type(Box));
        inventory = After(inventory, inventory.Hold(Order, Alice, [new(Seat, 1)], Now, HoldTime, "hash"));

        var refusal = Refused("code-per-buyer-limit", inventory.Hold(OtherOrder, Alice, [new(Seat, 1), new(Box, 1)], Now, HoldTime, "hash"));
        Assert.Equal((2, 1), (refusal.Details!["limit"], refusal.Details!["taken"]));
        Assert.Null(inventory.Hold(OtherOrder, Alice, [new(Seat, 1)], Now, HoldTime, "hash").Refusal);
        Assert.Null(inventory.Hold(OtherOrder, Bob, [new(Seat, 2)], Now, HoldTime, "hash").Refusal);
        Assert.Null(inventory.Hold(OtherOrder, Alice, [new(Seat, 1), new(Box, 1)], Now + HoldTime, HoldTime, "hash").Refusal);
    }

    [Fact]
    public void A_late_payment_uses_the_code_again_if_a_use_is_left()
    {
        var inventory = Opened([Code(percentOff: 50) with { UseLimit = 1 }], Type(Seat));
        inventory = After(inventory, inventory.Hold(Order, Alice, [new(Seat, 1)], Now, HoldTime, "hash"));
        var late = Now + HoldTime;

        var paid = After(inventory, inventory.Sell(Order, late));
        Assert.Equal((AllotmentStatus.Sold, 1000, 0), (paid.Allotments[Order].Status, paid.Allotments[Order].Amount, paid.UsesLeft(paid.Terms!.Codes[0], late)));

        var taken = After(inventory, inventory.Hold(OtherOrder, Bob, [new(Seat, 1)], late, HoldTime, "hash"));
        Assert.Equal(new SaleRefused(Order, "code-used-up"), Assert.Single(taken.Sell(Order, late).Events));
    }

    [Fact]
    public void A_late_payment_is_honoured_when_the_code_ended_or_was_taken_away_meanwhile()
    {
        var code = Code(percentOff: 50) with { UseLimit = 1, ValidUntil = Now.AddMinutes(1) };
        var inventory = Opened([code], Type(Seat));
        inventory = After(inventory, inventory.Hold(Order, Alice, [new(Seat, 1)], Now, HoldTime, "hash"));

        Assert.IsType<TicketsSold>(inventory.Sell(Order, Now.AddHours(1)).Events[^1]);
        var without = After(inventory, inventory.Announce(Terms([Type(Seat)]), 2, Now));
        Assert.IsType<TicketsSold>(without.Sell(Order, Now.AddHours(1)).Events[^1]);
        var again = After(without, without.Sell(Order, Now.AddHours(1)));
        again = After(again, again.Announce(Terms([Type(Seat)], [Code(percentOff: 50) with { UseLimit = 2 }]), 3, Now));
        Assert.Equal(1, again.UsesLeft(again.Terms!.Codes[0], Now.AddHours(1)));
    }

    [Fact]
    public void A_limit_below_what_is_used_takes_nothing_away_and_gives_nothing_more()
    {
        var inventory = Opened([Code(percentOff: 50) with { UseLimit = 5 }], Type(Seat));
        inventory = After(inventory, inventory.Hold(Order, Alice, [new(Seat, 3)], Now, HoldTime, "hash"));

        inventory = After(inventory, inventory.Announce(Terms([Type(Seat)], [Code(percentOff: 50) with { UseLimit = 2 }]), 2, Now));

        Assert.Equal(3000, inventory.Allotments[Order].Amount);
        Assert.Equal(0, inventory.UsesLeft(inventory.Terms!.Codes[0], Now));
        Refused("code-used-up", inventory.Hold(OtherOrder, Bob, [new(Seat, 1)], Now, HoldTime, "hash"));
        Assert.IsType<TicketsSold>(inventory.Sell(Order, Now).Events[^1]);
    }

    [Fact]
    public void Events_from_before_there_were_rules_and_codes_still_read()
    {
        var names = InventoryStream.Definition.Names;
        var held = (TicketsHeld)names.Read(new(
            1, "tickets-held", """{"orderId":"0d0d0d0d-0000-7000-8000-000000000001","buyerId":"a1a1a1a1-0000-7000-8000-000000000001","currency":"EUR","lines":[{"ticketTypeId":"5ea75ea7-0000-7000-8000-000000000001","ticketTypeName":"Seat","quantity":2,"unitPrice":1000}],"until":"2026-06-01T12:10:00+00:00"}"""u8.ToArray(), Now));
        var opened = (SalesOpened)names.Read(new(
            1, "sales-opened", """{"terms":{"eventId":"0d0d0d0d-0000-7000-8000-000000000001","organizationId":"a1a1a1a1-0000-7000-8000-000000000001","name":"Concert","startsAt":"2026-07-01T12:10:00+00:00","endsAt":"2026-07-02T12:10:00+00:00","ticketTypes":[{"ticketTypeId":"5ea75ea7-0000-7000-8000-000000000001","name":"Seat","price":1000,"currency":"EUR","quantity":9}]},"revision":1}"""u8.ToArray(), Now));

        var inventory = TicketInventory.Evolve(TicketInventory.Evolve(TicketInventory.Initial, opened), held);

        Assert.Equal(2000, inventory.Allotments[Order].Amount);
        Assert.Equal(1000, Held(inventory.Hold(OtherOrder, Bob, [new(Seat, 1)], Now, HoldTime)).Lines[0].UnitPrice);
    }

    private static TicketTerms Type(Guid id, PriceRule? rule = null, int quantity = 100) =>
        new(id, id == Seat ? "Seat" : "Box", 2000, "EUR", quantity, null, null, null) { PriceRule = rule };

    private static CodeTerms Code(int? percentOff = null, Guid[]? appliesTo = null, Guid[]? unlocks = null) =>
        new(CodeId, "hash", percentOff, null, appliesTo, unlocks ?? [], null, null, null, null);

    private static EventTerms Terms(TicketTerms[] types, params CodeTerms[] codes) =>
        new(Guid.Parse("e0e0e0e0-0000-7000-8000-000000000001"), Guid.Empty, "Concert", Now.AddDays(30), Now.AddDays(31), null, types) { Codes = codes };

    private static TicketInventory Opened(params TicketTerms[] types) => Opened([], types);

    private static TicketInventory Opened(CodeTerms[] codes, params TicketTerms[] types) =>
        After(TicketInventory.Initial, TicketInventory.Initial.Announce(Terms(types, codes), 1, Now));

    private static TicketsHeld Held(Decision<InventoryEvent> decided)
    {
        Assert.Null(decided.Refusal);
        return Assert.Single(decided.Events.OfType<TicketsHeld>());
    }
}
