using System.Net.Http.Json;
using System.Text.Json;
using EventFly.Contracts.Events;
using EventFly.Contracts.Participants;
using EventFly.Testing;
using static EventFly.Participants.Tests.ParticipantsApp;

namespace EventFly.Participants.Tests.Inventory;

/// <summary>Prices and codes as buyers meet them.</summary>
public sealed class PricesTests(ParticipantsApp app) : IClassFixture<ParticipantsApp>
{
    private static readonly PriceRuleTerms Demand = new([], new DemandTerms(1000, 4000, [new(50, 3000), new(80, 4000)]));

    [Fact]
    public async Task A_party_pays_early_tickets_early_and_the_rest_at_the_regular_price_from_hold_to_ticket()
    {
        var type = Type(quantity: 10, price: 2000) with { PriceRule = new([new("Early", 1500, null, 2)], null) };
        var (eventId, orderId, buyer) = (await app.OnSale(type), Guid.CreateVersion7(), app.Buyer());

        var held = await (await Hold(buyer, eventId, orderId, (type, 3))).Ok();
        Assert.Equal(5000, held.GetProperty("amount").GetInt64());
        Assert.Equal(
            ["2 × 1500 of 1500 Early", "1 × 2000 of 2000 "],
            held.GetProperty("lines").EnumerateArray().Select(line =>
                $"{line.GetProperty("quantity")} × {line.GetProperty("unitPrice")} of {line.GetProperty("listPrice")} {(line.TryGetProperty("tier", out var tier) ? tier.GetString() : "")}"));
        Assert.Equal(held.ToString(), (await (await Hold(buyer, eventId, orderId, (type, 3))).Ok()).ToString());

        var placed = await (await Place(buyer, eventId, orderId, (type, "Ann"), (type, "Ben"), (type, "Cem"))).Ok();
        Assert.Equal(5000, placed.GetProperty("amount").GetInt64());
        Assert.Equal([1500, 1500, 2000], placed.GetProperty("tickets").EnumerateArray().Select(ticket => ticket.GetProperty("price").GetInt64()));
        await app.Pay(orderId, eventId, 5000);
        Assert.Equal("confirmed", (await OrderOf(buyer, orderId)).Text("status"));
    }

    [Fact]
    public async Task Availability_says_what_the_next_ticket_costs_and_what_comes_then()
    {
        var until = app.Clock.Now.AddDays(3);
        var early = Type(quantity: 10, price: 2000, name: "Early bird") with { PriceRule = new([new("Early", 1500, until, 4)], null) };
        var demand = Type(quantity: 10, price: 2000, name: "Demand") with { PriceRule = Demand };
        var eventId = await app.OnSale(early, demand);
        await (await Hold(app.Buyer(), eventId, Guid.CreateVersion7(), (early, 1), (demand, 6))).Ok();

        var types = (await app.Availability(eventId)).GetProperty("ticketTypes");

        Assert.Equal((1500, 1500, 2000, "Early"), (Price(types[0]), types[0].GetProperty("listPrice").GetInt64(), types[0].GetProperty("regularPrice").GetInt64(), types[0].Text("tier")));
        Assert.Equal(
            [$"2000 at {until:O}", "2000 after 3"],
            types[0].GetProperty("ahead").EnumerateArray().Select(ahead => ahead.TryGetProperty("at", out var at)
                ? $"{Price(ahead)} at {at.GetDateTimeOffset():O}" : $"{Price(ahead)} after {ahead.GetProperty("afterTickets")}"));
        Assert.Equal((3000, 2), (Price(types[1]), types[1].GetProperty("ahead")[0].GetProperty("afterTickets").GetInt32()));
        Assert.Equal((1000, 4000), (types[1].GetProperty("bounds").GetProperty("floor").GetInt64(), types[1].GetProperty("bounds").GetProperty("ceiling").GetInt64()));
    }

    [Fact]
    public async Task A_code_makes_tickets_cheaper_and_is_used_up()
    {
        var type = Type(price: 2000);
        var eventId = await OnSale([Code("half-price", percentOff: 50) with { UseLimit = 3 }], type);
        var buyer = app.Buyer();

        Assert.Equal(2000, (await Held(buyer, eventId, null, (type, 1))).GetProperty("amount").GetInt64());
        var seen = await (await app.Anybody.GetAsync($"/api/participants/events/{eventId}/availability?code=Half-Price")).Ok();
        Assert.Equal((1000, 2000), (Price(seen.GetProperty("ticketTypes")[0]), seen.GetProperty("ticketTypes")[0].GetProperty("listPrice").GetInt64()));
        Assert.Equal(3, seen.GetProperty("code").GetProperty("usesLeft").GetInt32());

        Assert.Equal(2000, (await Held(buyer, eventId, " HALF-price", (type, 2))).GetProperty("amount").GetInt64());
        var problem = await (await HoldWith(buyer, eventId, Guid.CreateVersion7(), "half-price", (type, 2))).Refused(409, "code-used-up");
        Assert.Equal(1, problem.GetProperty("left").GetInt32());
        Assert.True(problem.GetProperty("errors").TryGetProperty("code", out _));
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        buyer = app.Buyer();
        Assert.Equal(2000, (await Held(buyer, eventId, "half-price", (type, 2))).GetProperty("amount").GetInt64());
        await (await HoldWith(buyer, eventId, Guid.CreateVersion7(), "no-such-code", (type, 1))).Refused(422, "code-unknown");
    }

    [Fact]
    public async Task A_code_for_everything_makes_an_order_free_and_nothing_has_to_be_paid()
    {
        var type = Type(price: 2000);
        var eventId = await OnSale([Code("FREE", percentOff: 100) with { UseLimit = 1 }], type);
        var (orderId, buyer) = (Guid.CreateVersion7(), app.Buyer());

        Assert.Equal(0, (await (await HoldWith(buyer, eventId, orderId, "FREE", (type, 1))).Ok()).GetProperty("amount").GetInt64());
        var placed = await (await Place(buyer, eventId, orderId, (type, "Ann"))).Ok();

        Assert.Equal(("confirmed", 0), (placed.Text("status"), placed.GetProperty("amount").GetInt64()));
        app.Clock.Advance(TimeSpan.FromMinutes(11));
        await (await HoldWith(app.Buyer(), eventId, Guid.CreateVersion7(), "FREE", (type, 1))).Refused(409, "code-used-up");
    }

    [Fact]
    public async Task A_hidden_ticket_type_is_seen_and_sold_with_its_code_only()
    {
        var (open, hidden) = (Type(name: "Open"), Type(name: "Backstage", price: 9000) with { Hidden = true });
        var eventId = await OnSale([Code("LET-ME-IN") with { Unlocks = [hidden.TicketTypeId] }], open, hidden);
        var history = $"/api/participants/events/{eventId}/prices/history";

        Assert.DoesNotContain("Backstage", (await app.Availability(eventId)).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Backstage", (await (await app.Anybody.GetAsync(history)).Ok()).ToString(), StringComparison.Ordinal);
        await (await Hold(app.Buyer(), eventId, Guid.CreateVersion7(), (hidden, 1))).Refused(422, "ticket-type-unknown");

        Assert.Contains("Backstage", (await (await app.Anybody.GetAsync($"/api/participants/events/{eventId}/availability?code=let-me-in")).Ok()).ToString(), StringComparison.Ordinal);
        Assert.Contains("Backstage", (await (await app.Anybody.GetAsync($"{history}?code=let-me-in")).Ok()).ToString(), StringComparison.Ordinal);
        Assert.Equal(9000, (await Held(app.Buyer(), eventId, "let-me-in", (hidden, 1))).GetProperty("amount").GetInt64());
    }

    [Fact]
    public async Task Whoever_tries_many_codes_waits_also_for_a_right_one_and_others_do_not()
    {
        using var fresh = new ParticipantsApp();
        var type = Type();
        var eventId = await OnSale(fresh, [Code("RIGHT", percentOff: 50)], type);
        var id = Guid.CreateVersion7();
        var guesser = fresh.Buyer(id);
        var availability = $"/api/participants/events/{eventId}/availability";
        for (var index = 0; index < 20; index++)
        {
            await (await HoldWith(guesser, eventId, Guid.CreateVersion7(), $"WRONG-{index}", (type, 1))).Refused(422, "code-unknown");
            await (await fresh.Anybody.GetAsync($"{availability}?code=WRONG-{index}")).Refused(422, "code-unknown");
        }

        var wait = await HoldWith(guesser, eventId, Guid.CreateVersion7(), "RIGHT", (type, 1));
        await wait.Refused(429, "too-many-code-tries");
        Assert.True(wait.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        await (await fresh.Anybody.GetAsync($"{availability}?code=RIGHT")).Refused(429, "too-many-code-tries");
        await (await guesser.GetAsync($"/api/participants/events/{eventId}/prices/history?code=RIGHT")).Refused(429, "too-many-code-tries");
        await (await fresh.Anybody.GetAsync(availability)).Ok();
        await (await Hold(guesser, eventId, Guid.CreateVersion7(), (type, 1))).Ok();
        await (await HoldWith(fresh.Buyer(Guid.CreateVersion7()), eventId, Guid.CreateVersion7(), "RIGHT", (type, 1))).Ok();

        fresh.Clock.Advance(TimeSpan.FromMinutes(10));
        await (await HoldWith(fresh.Buyer(id), eventId, Guid.CreateVersion7(), "RIGHT", (type, 1))).Ok();
    }

    [Fact]
    public async Task The_whole_price_history_is_told_in_pages_and_explains_each_price_that_was_charged()
    {
        var (demand, open) = (Type(quantity: 10, price: 2000, name: "Demand") with { PriceRule = Demand }, Type(name: "Open", price: 500));
        var eventId = await app.OnSale(demand, open);
        var held = await Held(app.Buyer(), eventId, null, (demand, 9));
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        _ = await app.Availability(eventId);
        await app.Bus.Say(app.Changed(eventId, demand, open with { Price = 700 }), eventId.ToString(), sequence: 9);
        await app.Quiet();

        var (items, next) = (new List<JsonElement>(), "");
        do
        {
            var page = await (await app.Anybody.GetAsync($"/api/participants/events/{eventId}/prices/history?limit=2{next}")).Ok();
            items.AddRange(page.Items());
            next = page.TryGetProperty("next", out var cursor) ? $"&after={Uri.EscapeDataString(cursor.GetString()!)}" : "";
        }
        while (next.Length > 0);

        Assert.Equal(
            ["1 Demand → 2000 at 0", "2 Open → 500 at 0", "3 Demand 2000 → 3000 at 5", "4 Demand 3000 → 4000 at 8", "5 Demand 4000 → 2000 at 0", "6 Open 500 → 700 at 0"],
            items.Select(item => $"{item.GetProperty("number")} {item.Text("ticketTypeName")} {(item.TryGetProperty("from", out var from) ? $"{from} " : "")}→ {item.GetProperty("to")} at {item.GetProperty("taken")}"));
        Assert.Equal([2000, 3000, 4000], held.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("unitPrice").GetInt64()));
        var one = await (await app.Anybody.GetAsync($"/api/participants/events/{eventId}/prices/history?ticketTypeId={open.TicketTypeId}")).Ok();
        Assert.Equal(2, one.Items().Length);
        await (await app.Anybody.GetAsync($"/api/participants/events/{Guid.CreateVersion7()}/prices/history")).Refused(404, "sales-not-open");
    }

    [Fact]
    public async Task A_late_payment_keeps_its_price_or_comes_back_when_the_code_is_used_up()
    {
        var type = Type(price: 2000);
        var eventId = await OnSale([Code("ONCE", percentOff: 50) with { UseLimit = 1 }], type);
        var (first, second, id) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var buyer = app.Buyer(id);
        await (await HoldWith(buyer, eventId, first, "ONCE", (type, 1))).Ok();
        await (await Place(buyer, eventId, first, (type, "Ann"))).Ok();
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        buyer = app.Buyer(id);
        await (await HoldWith(buyer, eventId, second, "ONCE", (type, 1))).Ok();
        await (await Place(buyer, eventId, second, (type, "Ben"))).Ok();
        app.Clock.Advance(TimeSpan.FromMinutes(10));

        await app.Pay(second, eventId, 1000);
        await app.Pay(first, eventId, 1000);
        buyer = app.Buyer(id);

        Assert.Equal("confirmed", (await OrderOf(buyer, second)).Text("status"));
        Assert.Equal("refused", (await OrderOf(buyer, first)).Text("status"));
        Assert.Equal(1000, (await app.Bus.Expect<RefundRequested>(refund => refund.OrderId == first)).Amount);
    }

    [Fact]
    public async Task Only_the_organization_sees_how_often_its_codes_are_used()
    {
        var type = Type(price: 0);
        var eventId = await OnSale([Code("HALF", percentOff: 50) with { UseLimit = 9 }, Code("OTHER", percentOff: 50)], type);
        var (orderId, buyer) = (Guid.CreateVersion7(), app.Buyer());
        await (await HoldWith(buyer, eventId, orderId, "HALF", (type, 2))).Ok();
        await (await Place(buyer, eventId, orderId, (type, "Ann"), (type, "Ben"))).Ok();
        await (await HoldWith(buyer, eventId, Guid.CreateVersion7(), "HALF", (type, 3))).Ok();
        var uses = $"/api/participants/events/{eventId}/promo-codes/uses";

        var items = (await (await app.Organizer("ticket.manage").GetAsync(uses)).Ok()).Items();

        Assert.Equal(
            ["3 held, 2 sold, 4 left", "0 held, 0 sold,  left"],
            items.Select(item => $"{item.GetProperty("held")} held, {item.GetProperty("sold")} sold, {(item.TryGetProperty("left", out var left) ? left : "")} left"));
        await (await app.Organizer("order.read").GetAsync(uses)).Refused(403, "forbidden");
        await (await app.Anybody.GetAsync(uses)).Refused(401, "unauthenticated");
        await (await app.CreateClient(TestUser.Organizer(Guid.CreateVersion7(), "ticket.manage")).GetAsync(uses)).Refused(404, "event-unknown");
    }

    private static long Price(JsonElement of) => of.GetProperty("price").GetInt64();

    private static PromoCodeTerms Code(string code, int? percentOff = null) => new(Guid.CreateVersion7(), code, percentOff, null, null, [], null, null, null, null);

    private Task<Guid> OnSale(PromoCodeTerms[] codes, params TicketTypeTerms[] types) => OnSale(app, codes, types);

    /// <summary>An event on sale; what stands in a code's hash is the code itself.</summary>
    private static async Task<Guid> OnSale(ParticipantsApp app, PromoCodeTerms[] codes, params TicketTypeTerms[] types)
    {
        _ = app.Server;
        var eventId = Guid.CreateVersion7();
        await app.Bus.Say(
            app.Published(eventId, types) with { PromoCodes = [.. codes.Select(code => code with { CodeHash = PromoCodeTerms.HashOf(eventId, code.CodeHash) })] },
            eventId.ToString(), sequence: 3);
        await Eventually.True(
            async () => (await app.Anybody.GetAsync($"/api/participants/events/{eventId}/availability")).IsSuccessStatusCode, "the event is on sale");
        await app.Quiet();
        return eventId;
    }

    private static async Task<JsonElement> Held(HttpClient buyer, Guid eventId, string? code, params (TicketTypeTerms Type, int Quantity)[] lines) =>
        await (await HoldWith(buyer, eventId, Guid.CreateVersion7(), code, lines)).Ok();

    private static Task<HttpResponseMessage> HoldWith(HttpClient buyer, Guid eventId, Guid orderId, string? code, params (TicketTypeTerms Type, int Quantity)[] lines) =>
        buyer.PutAsJsonAsync(
            $"/api/participants/events/{eventId}/holds/{orderId}",
            new { lines = lines.Select(line => new { ticketTypeId = line.Type.TicketTypeId, quantity = line.Quantity }), code });
}
