using System.Net.Http.Json;
using System.Text.Json;
using EventFly.Contracts.Events;
using EventFly.Contracts.Participants;
using EventFly.Participants.Waitlist;
using EventFly.Testing;
using Microsoft.Extensions.DependencyInjection;
using static EventFly.Participants.Tests.ParticipantsApp;

namespace EventFly.Participants.Tests.Waitlist;

public sealed class WaitlistTests(ParticipantsApp app) : IClassFixture<ParticipantsApp>
{
    [Fact]
    public async Task A_party_waits_is_offered_what_was_released_orders_it_and_gets_its_tickets()
    {
        var type = Type(quantity: 2);
        var (eventId, alice, entryId) = (await app.OnSale(type), app.Buyer(), Guid.CreateVersion7());
        var (bob, hold) = await SoldOut(eventId, type, 2);

        var waiting = await (await Join(alice, eventId, entryId, (type, 2))).Ok();
        await bob.DeleteAsync($"/api/participants/events/{eventId}/holds/{hold}");
        var offered = await Stands(alice, eventId, entryId, "offered");

        Assert.Equal((1, 0), (waiting.GetProperty("position").GetInt32(), waiting.GetProperty("peopleAhead").GetInt32()));
        var said = await app.Bus.Expect<TicketsOffered>(said => said.EntryId == entryId);
        Assert.Equal((5000L, offered.GetProperty("offer").GetProperty("until").GetDateTimeOffset()), (said.Amount, said.Until));
        await (await Hold(alice, eventId, entryId, (type, 2))).Ok();
        await (await Place(alice, eventId, entryId, (type, "Alice"), (type, "Anna"))).Ok();
        await app.Pay(entryId, eventId, 5000);
        Assert.Equal("confirmed", (await OrderOf(alice, entryId)).Text("status"));
        Assert.Equal("accepted", (await Entry(alice, eventId, entryId)).Text("status"));
    }

    [Fact]
    public async Task One_waits_only_for_what_is_sold_out_and_holds_nothing_past_the_line()
    {
        var type = Type(quantity: 2);
        var eventId = await app.OnSale(type);
        await (await Join(app.Buyer(), eventId, Guid.CreateVersion7(), (type, 1))).Refused(409, "tickets-free");
        var (bob, hold) = await SoldOut(eventId, type, 1);
        await SoldOut(eventId, type, 1);

        await (await Join(app.Buyer(), eventId, Guid.CreateVersion7(), (type, 2))).Ok();
        await bob.DeleteAsync($"/api/participants/events/{eventId}/holds/{hold}");
        await app.Quiet();

        await (await Hold(app.Buyer(), eventId, Guid.CreateVersion7(), (type, 1))).Refused(409, "join-waitlist");
        var seen = (await app.Availability(eventId)).GetProperty("ticketTypes")[0];
        Assert.Equal((0, 2, "soldOut"), (seen.GetProperty("free").GetInt32(), seen.GetProperty("waiting").GetInt32(), seen.Text("state")));
    }

    [Fact]
    public async Task A_hold_that_lapses_is_offered_though_nobody_asks_and_an_offer_that_lapses_goes_to_the_next()
    {
        var type = Type(quantity: 1);
        var (eventId, aliceId, bobId, first, second) = (await app.OnSale(type), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var (alice, bob) = (app.Buyer(aliceId), app.Buyer(bobId));
        await SoldOut(eventId, type, 1);
        await (await Join(alice, eventId, first, (type, 1))).Ok();
        await (await Join(bob, eventId, second, (type, 1))).Ok();
        await app.Quiet();

        app.Clock.Advance(TimeSpan.FromMinutes(10));
        await Saying<TicketsOffered>(said => said.EntryId == first);
        (alice, bob) = (app.Buyer(aliceId), app.Buyer(bobId));
        Assert.Equal(("offered", "waiting"), ((await Entry(alice, eventId, first)).Text("status"), (await Entry(bob, eventId, second)).Text("status")));

        app.Clock.Advance(TimeSpan.FromHours(1));
        (alice, bob) = (app.Buyer(aliceId), app.Buyer(bobId));
        Assert.Equal("lapsed", (await Entry(alice, eventId, first)).Text("status"));
        await Saying<TicketsOffered>(said => said.EntryId == second);
        await app.Bus.Expect<OfferLapsed>(said => said.EntryId == first);
        await (await Place(alice, eventId, first, (type, "Alice"))).Refused(409, "hold-expired");
        await (await Place(bob, eventId, second, (type, "Bob"))).Ok();
    }

    [Fact]
    public async Task A_declined_offer_goes_to_the_next_and_who_left_is_passed_over()
    {
        var type = Type(quantity: 1);
        var (eventId, alice, bob, carol) = (await app.OnSale(type), app.Buyer(), app.Buyer(), app.Buyer());
        var (first, second, third) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var (seller, hold) = await SoldOut(eventId, type, 1);
        await (await Join(alice, eventId, first, (type, 1))).Ok();
        await (await Join(bob, eventId, second, (type, 1))).Ok();
        await (await Join(carol, eventId, third, (type, 1))).Ok();

        Assert.Equal(204, (int)(await bob.DeleteAsync(At(eventId, second))).StatusCode);
        await seller.DeleteAsync($"/api/participants/events/{eventId}/holds/{hold}");
        await Stands(alice, eventId, first, "offered");
        Assert.Equal(204, (int)(await alice.DeleteAsync(At(eventId, first))).StatusCode);
        Assert.Equal(204, (int)(await alice.DeleteAsync(At(eventId, first))).StatusCode);

        await Stands(carol, eventId, third, "offered");
        Assert.Equal(("declined", "left"), ((await Entry(alice, eventId, first)).Text("status"), (await Entry(bob, eventId, second)).Text("status")));
        await app.Bus.Expect<OfferDeclined>(said => said.EntryId == first);
        await app.Bus.Expect<WaitlistLeft>(said => said.EntryId == second);
        await (await Join(alice, eventId, first, (type, 1))).Refused(409, "waitlist-entry-over");
    }

    [Fact]
    public async Task A_refund_and_more_tickets_are_offered_too()
    {
        var (type, buyer, organizer) = (Type(quantity: 1), app.Buyer(), app.Organizer());
        var (eventId, alice, bob, first, second) = (await app.OnSale(type), app.Buyer(), app.Buyer(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var (orderId, _) = await app.Bought(buyer, eventId, type, "Early Bird");
        await (await Join(alice, eventId, first, (type, 1))).Ok();
        await (await Join(bob, eventId, second, (type, 1))).Ok();

        await (await organizer.PutAsJsonAsync($"/api/participants/orders/{orderId}/refunds/{Guid.CreateVersion7()}", new { reason = "asked" })).Ok();
        await Stands(alice, eventId, first, "offered");
        await app.Bus.Say(app.Changed(eventId, type with { Quantity = 2 }), eventId.ToString(), sequence: 4);
        await Stands(bob, eventId, second, "offered");
    }

    [Fact]
    public async Task A_quota_that_is_raised_is_offered_to_those_who_wait_for_any_of_its_types()
    {
        var hall = new QuotaTerms(Guid.CreateVersion7(), "Hall", 1);
        var (seat, box) = (Type() with { QuotaIds = [hall.QuotaId] }, Type(name: "Box") with { QuotaIds = [hall.QuotaId] });
        var (eventId, alice, entryId) = (Guid.CreateVersion7(), app.Buyer(), Guid.CreateVersion7());
        await app.Bus.Say(app.Published(eventId, seat, box) with { Quotas = [hall] }, eventId.ToString(), sequence: 3);
        await Eventually.True(async () => (await app.Anybody.GetAsync($"/api/participants/events/{eventId}/availability")).IsSuccessStatusCode, "the event is on sale");
        await SoldOut(eventId, seat, 1);

        var full = await (await Hold(alice, eventId, Guid.CreateVersion7(), (box, 1))).Refused(409, "sold-out");
        Assert.Equal("Hall", full.GetProperty("quotas")[0].Text("name"));
        Assert.Equal(0, (await app.Availability(eventId)).GetProperty("ticketTypes")[1].GetProperty("free").GetInt32());
        await (await Join(alice, eventId, entryId, (seat, 1), (box, 1))).Refused(409, "party-too-large");
        await (await Join(alice, eventId, entryId, (box, 1))).Ok();
        await app.Bus.Say(app.Changed(eventId, seat, box) with { Quotas = [hall with { Capacity = 2 }] }, eventId.ToString(), sequence: 4);

        await Stands(alice, eventId, entryId, "offered");
    }

    [Fact]
    public async Task A_payment_that_comes_late_is_given_back_when_others_wait()
    {
        var type = Type(quantity: 1);
        var (eventId, late, alice, entryId) = (await app.OnSale(type), app.Buyer(), app.Buyer(), Guid.CreateVersion7());
        var orderId = await Ordered(late, eventId, type, "Late");
        await (await Join(alice, eventId, entryId, (type, 1))).Ok();
        await app.Quiet();

        app.Clock.Advance(TimeSpan.FromMinutes(10));
        var payment = await app.Pay(orderId, eventId, 2500);

        await app.Bus.Expect<RefundRequested>(said => said.PaymentId == payment);
        await Saying<TicketsOffered>(said => said.EntryId == entryId);
    }

    [Fact]
    public async Task A_cancelled_event_closes_its_list()
    {
        var type = Type(quantity: 1);
        var (eventId, alice, entryId) = (await app.OnSale(type), app.Buyer(), Guid.CreateVersion7());
        await SoldOut(eventId, type, 1);
        await (await Join(alice, eventId, entryId, (type, 1))).Ok();

        await app.Bus.Say(app.Cancelled(eventId), eventId.ToString(), sequence: 5);

        await Stands(alice, eventId, entryId, "closed");
        Assert.Equal("event-cancelled", (await app.Bus.Expect<WaitlistClosed>(said => said.EntryId == entryId)).Reason);
    }

    [Fact]
    public async Task The_end_of_the_sale_closes_the_list_though_nobody_asks()
    {
        var type = Type(quantity: 1) with { SalesUntil = app.Clock.Now.AddMinutes(30) };
        var (eventId, alice, entryId) = (await app.OnSale(type), app.Buyer(), Guid.CreateVersion7());
        var orderId = await Ordered(app.Buyer(), eventId, type, "Quick");
        await app.Pay(orderId, eventId, 2500);
        await (await Join(alice, eventId, entryId, (type, 1))).Ok();
        await app.Quiet();

        app.Clock.Advance(TimeSpan.FromMinutes(30));

        await Saying<WaitlistClosed>(said => said.EntryId == entryId && said.Reason == "sales-ended");
    }

    [Fact]
    public async Task Who_makes_offers_may_do_it_often_and_at_the_same_time()
    {
        var type = Type(quantity: 5);
        var eventId = await app.OnSale(type);
        var (seller, hold) = await SoldOut(eventId, type, 5);
        var entries = Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var entry in entries)
        {
            await (await Join(app.Buyer(), eventId, entry, (type, 1))).Ok();
        }

        await seller.DeleteAsync($"/api/participants/events/{eventId}/holds/{hold}");
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            await using var scope = app.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<MakeOffers>().For(eventId, CancellationToken.None);
        })));
        await app.Bus.Say(new TicketsFreed(eventId), eventId.ToString());
        await app.Quiet();

        Assert.Equal(entries[..5], app.Bus.Messages<TicketsOffered>().Where(said => said.EventId == eventId).Select(said => said.EntryId));
        Assert.Equal(0, await app.Free(eventId));
    }

    [Fact]
    public async Task An_organiser_sees_who_waits_page_by_page_and_a_stranger_sees_nothing()
    {
        var (type, box) = (Type(quantity: 1), Type(quantity: 1, name: "Box"));
        var (eventId, alice) = (await app.OnSale(type, box), app.Buyer());
        await SoldOut(eventId, type, 1);
        await SoldOut(eventId, box, 1);
        var entries = Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7()).ToArray();
        await (await Join(alice, eventId, entries[0], (type, 1))).Ok();
        await (await Join(app.Buyer(), eventId, entries[1], (box, 1))).Ok();
        var third = await (await Join(app.Buyer(), eventId, entries[2], (type, 1), (box, 1))).Ok();

        var page = await (await app.Organizer("order.read").GetAsync($"/api/participants/events/{eventId}/waitlist?limit=2")).Ok();
        var rest = await (await app.Organizer("order.read").GetAsync($"/api/participants/events/{eventId}/waitlist?limit=2&after={page.Text("next")}")).Ok();

        Assert.Equal((3, 2), (third.GetProperty("position").GetInt32(), third.GetProperty("peopleAhead").GetInt32()));
        Assert.Equal((3, 4, 0), (page.GetProperty("parties").GetInt32(), page.GetProperty("people").GetInt32(), page.GetProperty("openOffers").GetInt32()));
        Assert.Equal(entries, page.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray()).Select(item => item.GetProperty("entryId").GetGuid()));
        Assert.Equal(2, page.GetProperty("ticketTypes")[1].GetProperty("people").GetInt32());
        await (await app.Organizer("order.read").GetAsync($"/api/participants/events/{eventId}/waitlist?after=nonsense")).Is(400);
        await (await app.Stranger().GetAsync($"/api/participants/events/{eventId}/waitlist")).Refused(404, "event-unknown");
        await (await app.Buyer().GetAsync(At(eventId, entries[0]))).Refused(404, "waitlist-entry-unknown");
        await (await app.Buyer().DeleteAsync(At(eventId, entries[0]))).Refused(404, "waitlist-entry-unknown");
        Assert.Equal(entries[0], (await (await alice.GetAsync($"/api/participants/events/{eventId}/waitlist/mine")).Ok()).GetProperty("items")[0].GetProperty("entryId").GetGuid());
    }

    private static string At(Guid eventId, Guid entryId) => $"/api/participants/events/{eventId}/waitlist/{entryId}";

    private static Task<HttpResponseMessage> Join(HttpClient buyer, Guid eventId, Guid entryId, params (TicketTypeTerms Type, int Quantity)[] lines) =>
        buyer.PutAsJsonAsync(At(eventId, entryId), new { lines = lines.Select(line => new { line.Type.TicketTypeId, line.Quantity }) }, JsonSerializerOptions.Web);

    private static async Task<JsonElement> Entry(HttpClient buyer, Guid eventId, Guid entryId) => await (await buyer.GetAsync(At(eventId, entryId))).Ok();

    private static async Task<JsonElement> Stands(HttpClient buyer, Guid eventId, Guid entryId, string status)
    {
        await Eventually.True(async () => (await Entry(buyer, eventId, entryId)).Text("status") == status, $"the entry is {status}");
        return await Entry(buyer, eventId, entryId);
    }

    /// <summary>The clock goes on in small steps, as it does, until something is said.</summary>
    private async Task Saying<T>(Func<T, bool> condition)
        where T : class =>
        await Eventually.True(
            () =>
            {
                app.Clock.Advance(TimeSpan.FromSeconds(1));
                return app.Bus.Messages<T>().Any(condition);
            },
            $"{typeof(T).Name} is said");

    private async Task<(HttpClient Buyer, Guid Hold)> SoldOut(Guid eventId, TicketTypeTerms type, int quantity)
    {
        var (buyer, hold) = (app.Buyer(), Guid.CreateVersion7());
        await (await Hold(buyer, eventId, hold, (type, quantity))).Ok();
        return (buyer, hold);
    }
}
