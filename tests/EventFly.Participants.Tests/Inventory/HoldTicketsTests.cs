using System.Net.Http.Json;
using System.Text.Json;
using static EventFly.Participants.Tests.ParticipantsApp;

namespace EventFly.Participants.Tests.Inventory;

public sealed class HoldTicketsTests(ParticipantsApp app) : IClassFixture<ParticipantsApp>
{
    [Fact]
    public async Task Of_200_buyers_at_once_exactly_50_get_one_of_50_tickets()
    {
        var type = Type(quantity: 50);
        var eventId = await app.OnSale(type);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(
            async () => await Hold(app.Buyer(), eventId, Guid.CreateVersion7(), (type, 1)))));

        Assert.Equal(50, answers.Count(answer => (int)answer.StatusCode == 200));
        foreach (var refused in answers.Where(answer => (int)answer.StatusCode != 200))
        {
            await refused.Refused(409, "sold-out");
        }

        Assert.Equal(0, await app.Free(eventId));
    }

    [Fact]
    public async Task The_same_hold_sent_twice_gets_the_same_answer_and_holds_once()
    {
        var type = Type(quantity: 5);
        var (eventId, orderId, buyer) = (await app.OnSale(type), Guid.CreateVersion7(), app.Buyer());

        var first = await (await Hold(buyer, eventId, orderId, (type, 2))).Content.ReadAsStringAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        var second = await (await Hold(buyer, eventId, orderId, (type, 2))).Content.ReadAsStringAsync();

        Assert.Equal(first, second);
        Assert.Equal(3, await app.Free(eventId));
        var hold = JsonDocument.Parse(first).RootElement;
        Assert.Equal((5000, "EUR", "held"), (hold.GetProperty("amount").GetInt64(), hold.Text("currency"), hold.Text("status")));
        await (await Hold(app.Buyer(), eventId, orderId, (type, 2))).Refused(409, "order-id-taken");
    }

    [Fact]
    public async Task A_hold_that_ended_is_free_for_others_and_nothing_ran_for_it()
    {
        var type = Type(quantity: 1);
        var (eventId, orderId, buyer) = (await app.OnSale(type), Guid.CreateVersion7(), app.Buyer());
        var held = await (await Hold(buyer, eventId, orderId, (type, 1))).Ok();

        await (await Hold(app.Buyer(), eventId, Guid.CreateVersion7(), (type, 1))).Refused(409, "sold-out");
        app.Clock.Now = held.GetProperty("heldUntil").GetDateTimeOffset();

        Assert.Equal(1, await app.Free(eventId));
        await (await Hold(app.Buyer(), eventId, Guid.CreateVersion7(), (type, 1))).Ok();
        await (await Hold(app.Buyer(), eventId, orderId, (type, 1))).Refused(409, "order-id-taken");
    }

    [Fact]
    public async Task A_released_hold_is_free_at_once_and_can_be_released_again()
    {
        var type = Type(quantity: 1);
        var (eventId, orderId, buyer) = (await app.OnSale(type), Guid.CreateVersion7(), app.Buyer());
        await (await Hold(buyer, eventId, orderId, (type, 1))).Ok();
        var path = $"/api/participants/events/{eventId}/holds/{orderId}";

        await (await app.Buyer().DeleteAsync(path)).Refused(404, "hold-unknown");
        await (await buyer.DeleteAsync(path)).Is(204);
        await (await buyer.DeleteAsync(path)).Is(204);

        Assert.Equal(1, await app.Free(eventId));
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_by_field()
    {
        var type = Type();
        var eventId = await app.OnSale(type);

        var problem = await (await Hold(app.Buyer(), eventId, Guid.CreateVersion7(), (type, 0))).Refused(400, "validation");
        Assert.True(problem.GetProperty("errors").TryGetProperty("lines[0].quantity", out _), problem.ToString());
        await (await Hold(app.Buyer(), eventId, Guid.CreateVersion7())).Refused(400, "validation");
        await (await Hold(app.Buyer(), eventId, Guid.CreateVersion7(), (type, 60), (type, 60))).Refused(400, "quantity-invalid");
        await (await app.Buyer().PutAsJsonAsync(
            $"/api/participants/events/{eventId}/holds/{Guid.CreateVersion7()}", new { lines = new object?[] { null } })).Is(400);
        await (await Hold(app.Buyer(), eventId, Guid.CreateVersion7(), (Type(), 1))).Refused(422, "ticket-type-unknown");
    }

    [Fact]
    public async Task Only_those_who_buy_tickets_hold_them()
    {
        var type = Type();
        var eventId = await app.OnSale(type);

        await (await Hold(app.Anybody, eventId, Guid.CreateVersion7(), (type, 1))).Refused(401, "unauthenticated");
        await (await Hold(app.Organizer(), eventId, Guid.CreateVersion7(), (type, 1))).Refused(403, "forbidden");
        await (await Hold(app.Buyer(), Guid.CreateVersion7(), Guid.CreateVersion7(), (type, 1))).Refused(404, "sales-not-open");
    }

    [Fact]
    public async Task Availability_says_what_is_free_and_where_the_sale_stands()
    {
        var types = new[]
        {
            Type(3, name: "On sale"),
            Type(0, name: "Sold out"),
            Type(3, name: "Later") with { SalesFrom = app.Clock.Now.AddDays(1) },
            Type(3, name: "Over") with { SalesUntil = app.Clock.Now },
        };

        var availability = await app.Availability(await app.OnSale(types));

        Assert.Equal(
            ["On sale 3 onSale", "Sold out 0 soldOut", "Later 3 notStarted", "Over 3 ended"],
            availability.GetProperty("ticketTypes").EnumerateArray().Select(type => $"{type.Text("name")} {type.GetProperty("free")} {type.Text("state")}"));
        await (await app.Anybody.GetAsync($"/api/participants/events/{Guid.CreateVersion7()}/availability")).Refused(404, "sales-not-open");
    }

    [Fact]
    public async Task The_newest_terms_count_although_they_are_heard_first()
    {
        var old = Type(quantity: 5);
        var eventId = Guid.CreateVersion7();
        _ = app.Server;

        await app.Bus.Say(app.Changed(eventId, old with { Quantity = 9 }), eventId.ToString(), sequence: 4);
        await app.Bus.Say(app.Published(eventId, old), eventId.ToString(), sequence: 3);
        await app.Bus.Say(app.Changed(eventId, old with { Quantity = 7 }), eventId.ToString(), sequence: 2);
        await app.Quiet();

        Assert.Equal(9, await app.Free(eventId));
        await app.Bus.Say(app.Changed(eventId, old with { Quantity = 4 }), eventId.ToString(), sequence: 5);
        Assert.Equal(4, await app.Free(eventId));
    }

    [Fact]
    public async Task An_event_that_was_cancelled_before_it_was_heard_of_sells_nothing()
    {
        var type = Type();
        var eventId = Guid.CreateVersion7();
        _ = app.Server;

        await app.Bus.Say(app.Cancelled(eventId), eventId.ToString(), sequence: 4);
        await app.Bus.Say(app.Published(eventId, type), eventId.ToString(), sequence: 3);
        await app.Quiet();

        await (await Hold(app.Buyer(), eventId, Guid.CreateVersion7(), (type, 1))).Refused(409, "event-cancelled");
    }

    [Fact]
    public async Task A_limit_per_buyer_holds_over_orders()
    {
        var type = Type() with { PerBuyerLimit = 2 };
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer(Guid.CreateVersion7()));
        await (await Hold(buyer, eventId, Guid.CreateVersion7(), (type, 1))).Ok();

        var problem = await (await Hold(buyer, eventId, Guid.CreateVersion7(), (type, 2))).Refused(409, "per-buyer-limit");

        Assert.Equal((2, 1), (problem.GetProperty("limit").GetInt32(), problem.GetProperty("taken").GetInt32()));
    }
}
