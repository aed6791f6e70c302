using System.Net.Http.Json;
using System.Text.Json;
using EventFly.Contracts.Events;
using EventFly.Contracts.Participants;
using EventFly.Contracts.Payments;
using static EventFly.Participants.Tests.ParticipantsApp;

namespace EventFly.Participants.Tests.Orders;

/// <summary>Orders that change, through the real door; every message is delivered twice.</summary>
public sealed class ChangeOrderTests : IDisposable
{
    private readonly ParticipantsApp app = new();

    public ChangeOrderTests() => app.Bus.DeliverTwice = true;

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task A_dropped_ticket_is_free_again_and_the_rest_costs_less()
    {
        var type = Type(quantity: 3);
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());
        var orderId = await Ordered(buyer, eventId, type, "Ann", "Ben", "Cem");
        var tickets = TicketsOf(await OrderOf(buyer, orderId));

        var changed = await (await Cancel(buyer, orderId, tickets[1])).Ok();
        await (await Cancel(buyer, orderId, tickets[1])).Ok();

        Assert.Equal((5000, 2), (changed.GetProperty("amount").GetInt64(), changed.GetProperty("tickets").GetArrayLength()));
        Assert.Equal(1, await app.Free(eventId));
        await app.Quiet();
        Assert.Equal(1, await app.Free(eventId));
        var heard = Assert.Single(app.Bus.Messages<OrderChanged>());
        Assert.Equal((5000, 2, "tickets-dropped"), (heard.Amount, heard.Tickets, heard.What));
        await app.Pay(orderId, eventId, 5000);
        Assert.Equal("confirmed", (await OrderOf(buyer, orderId)).Text("status"));
        Assert.Equal(2, (await (await buyer.GetAsync("/api/participants/tickets")).Ok()).Items().Length);
        Assert.Equal(1, await app.Free(eventId));
        var line = Assert.Single((await (await buyer.GetAsync("/api/participants/orders")).Ok()).Items());
        Assert.Equal((5000, 2), (line.GetProperty("amount").GetInt64(), line.GetProperty("tickets").GetInt32()));
    }

    [Fact]
    public async Task A_payment_that_was_faster_than_the_change_buys_the_rest_and_the_difference_goes_back_once()
    {
        var type = Type(quantity: 3);
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());
        var orderId = await Ordered(buyer, eventId, type, "Ann", "Ben", "Cem");
        var tickets = TicketsOf(await OrderOf(buyer, orderId));
        await (await Cancel(buyer, orderId, tickets[0])).Ok();

        var payment = await app.Pay(orderId, eventId, 7500);
        await app.Pay(orderId, eventId, 7500, payment);

        Assert.Equal("confirmed", (await OrderOf(buyer, orderId)).Text("status"));
        var refund = Assert.Single(app.Bus.Messages<RefundRequested>());
        Assert.Equal((payment, 2500, "order-changed"), (refund.PaymentId, refund.Amount, refund.Reason));
        Assert.Equal(1, await app.Free(eventId));
        Assert.Equal(2, (await (await buyer.GetAsync("/api/participants/tickets")).Ok()).Items().Length);
    }

    [Fact]
    public async Task What_is_left_and_costs_nothing_is_complete_at_once()
    {
        var (paid, free) = (Type(quantity: 3), Type(quantity: 3, price: 0, name: "Child"));
        var (eventId, orderId, buyer) = (await app.OnSale(paid, free), Guid.CreateVersion7(), app.Buyer());
        await (await Hold(buyer, eventId, orderId, (paid, 1), (free, 1))).Ok();
        var placed = await (await Place(buyer, eventId, orderId, (paid, "Ann"), (free, "Ben"))).Ok();

        var changed = await (await Cancel(buyer, orderId, TicketsOf(placed)[0])).Ok();

        Assert.Equal(("confirmed", 0), (changed.Text("status"), changed.GetProperty("amount").GetInt64()));
        Assert.Equal(3, await app.Free(eventId));
        await app.Quiet();
        Assert.Single((await (await buyer.GetAsync("/api/participants/tickets")).Ok()).Items());
    }

    [Fact]
    public async Task Chosen_tickets_are_refunded_die_and_are_free_again()
    {
        var type = Type(quantity: 3);
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());
        var (orderId, _) = await app.Bought(buyer, eventId, type, "Ann", "Ben", "Cem");
        var tickets = TicketsOf(await OrderOf(buyer, orderId));
        var path = $"/api/participants/orders/{orderId}/refunds/{Guid.CreateVersion7()}";

        var refunded = await (await app.Organizer().PutAsJsonAsync(path, new { ticketIds = new[] { tickets[0], tickets[2] } })).Ok();
        await (await app.Organizer().PutAsJsonAsync(path, new { ticketIds = new[] { tickets[0], tickets[2] } })).Ok();
        await app.Quiet();

        Assert.Equal(("partiallyRefunded", 2500), (refunded.Text("status"), refunded.GetProperty("refundable").GetInt64()));
        var refund = Assert.Single(app.Bus.Messages<RefundRequested>());
        Assert.Equal((5000, "requested"), (refund.Amount, refund.Reason));
        Assert.Equal(2, await app.Free(eventId));
        var mine = (await (await buyer.GetAsync("/api/participants/tickets")).Ok()).Items();
        Assert.Equal(["valid", "void", "void"], mine.Select(ticket => ticket.Text("status")).Order());
        Assert.Equal("Ben", mine.Single(ticket => ticket.Text("status") == "valid").Text("attendeeName"));

        await app.Bus.Say(new RefundSucceeded(refund.RefundId, refund.PaymentId, orderId, 5000, "EUR"), refund.RefundId.ToString());
        Assert.Equal("partiallyRefunded", (await OrderOf(buyer, orderId)).Text("status"));
        await (await app.Organizer().PutAsync($"/api/participants/orders/{orderId}/refunds/{Guid.CreateVersion7()}", null)).Ok();
        await app.Quiet();
        Assert.Equal(3, await app.Free(eventId));
        Assert.Equal([5000, 2500], app.Bus.Messages<RefundRequested>().Select(one => one.Amount));
    }

    [Fact]
    public async Task A_goodwill_refund_is_bounded_and_leaves_the_tickets()
    {
        var type = Type();
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());
        var (orderId, _) = await app.Bought(buyer, eventId, type, "Ann");

        await (await Refund(orderId, new { amount = 2501 })).Refused(409, "refund-exceeds-rest");
        await (await Refund(orderId, new { amount = 0 })).Is(400);
        await (await Refund(orderId, new { amount = 1, retry = Guid.CreateVersion7() })).Refused(400, "refund-ambiguous");
        var refunded = await (await Refund(orderId, new { amount = 500 })).Ok();

        Assert.Equal(("partiallyRefunded", 2000), (refunded.Text("status"), refunded.GetProperty("refundable").GetInt64()));
        await app.Quiet();
        Assert.Equal("valid", Assert.Single((await (await buyer.GetAsync("/api/participants/tickets")).Ok()).Items()).Text("status"));
        Assert.Equal(500, Assert.Single((await (await app.Organizer().GetAsync($"/api/participants/events/{eventId}/orders")).Ok()).Items()).GetProperty("refunded").GetInt64());
        await (await app.Stranger().PutAsJsonAsync($"/api/participants/orders/{orderId}/refunds/{Guid.CreateVersion7()}", new { amount = 1 })).Refused(404, "order-unknown");
    }

    [Fact]
    public async Task A_name_is_changed_at_the_version_that_was_read_and_stands_on_the_ticket()
    {
        var type = Type();
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());
        var (orderId, _) = await app.Bought(buyer, eventId, type, "Ann", "Ben");
        var read = await buyer.GetAsync($"/api/participants/orders/{orderId}");
        var path = $"/api/participants/orders/{orderId}/tickets/{TicketsOf(await read.Ok())[0]}/attendee";
        var zoe = new { name = "Zoe", email = "zoe@example.org" };

        await (await Put(buyer, path, zoe)).Refused(428, "if-match-required");
        var changed = await (await Put(buyer, path, zoe, read.Headers.ETag!.ToString())).Ok();
        await (await Put(buyer, path, zoe, read.Headers.ETag!.ToString())).Ok();
        await (await Put(app.Organizer(), path, zoe with { name = "Zora" }, read.Headers.ETag!.ToString())).Refused(412, "stale");
        await (await Put(app.Stranger(), path, zoe, "*")).Refused(404, "order-unknown");
        await (await Put(app.Buyer(), path, zoe, "*")).Refused(404, "order-unknown");
        await (await Put(app.Organizer("order.read"), path, zoe with { name = "Zora" }, "*")).Refused(404, "order-unknown");
        await app.Quiet();

        Assert.Equal("Ann", changed.GetProperty("changes")[0].Text("before"));
        var names = (await (await app.Organizer().GetAsync($"/api/participants/events/{eventId}/attendees")).Ok()).Items().Select(attendee => attendee.Text("name"));
        Assert.Equal(["Ben", "Zoe"], names);
    }

    [Fact]
    public async Task Questions_are_asked_when_an_order_is_placed_and_answers_are_kept()
    {
        var type = Type();
        var meal = new QuestionTerms(Guid.CreateVersion7(), "Which meal?", QuestionKind.One, true, null, ["Vegan", "Fish"], [], false);
        var note = new QuestionTerms(Guid.CreateVersion7(app.Clock.Now.AddYears(-10)), "Anything else?", QuestionKind.Text, false, 20, [], [], false);
        var other = new QuestionTerms(Guid.CreateVersion7(), "Boat?", QuestionKind.YesNo, true, null, [], [Guid.CreateVersion7()], false);
        var eventId = await OnSale([meal, note, other], new AfterSaleTerms { ChangesUntilHours = 24 }, type);
        var (orderId, buyerId) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await (await Hold(app.Buyer(buyerId), eventId, orderId, (type, 2))).Ok();

        async Task Refused(string code, object first, object second, string field)
        {
            var problem = await (await PlaceAs(eventId, buyerId, orderId, type, first, second)).Refused(422, code);
            Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
        }

        var fine = Answers((meal, ["Fish"]));
        await Refused("answer-missing", fine, Answers(), $"attendees[1].answers.{meal.QuestionId}");
        await Refused("choice-unknown", fine, Answers((meal, ["Meat"])), $"attendees[1].answers.{meal.QuestionId}");
        await Refused("answers-too-many", Answers((meal, ["Fish", "Vegan"])), fine, $"attendees[0].answers.{meal.QuestionId}");
        await Refused("answer-too-long", fine, Answers((meal, ["Fish"]), (note, [new string('x', 21)])), $"attendees[1].answers.{note.QuestionId}");
        await Refused("question-unknown", fine, Answers((meal, ["Fish"]), (other, ["yes"])), $"attendees[1].answers.{other.QuestionId}");
        var placed = await (await PlaceAs(eventId, buyerId, orderId, type, fine, Answers((meal, ["Vegan"]), (note, [" no nuts "])))).Ok();
        await (await PlaceAs(eventId, buyerId, orderId, type, fine, Answers((meal, ["Vegan"]), (note, ["no nuts"])))).Ok();
        await (await PlaceAs(eventId, buyerId, orderId, type, fine, fine)).Refused(409, "order-id-taken");

        var second = placed.GetProperty("tickets")[1].GetProperty("answers").EnumerateArray().Select(answer => $"{answer.Text("question")} {answer.GetProperty("values")[0].GetString()}");
        Assert.Equal(["Which meal? Vegan", "Anything else? no nuts"], second);

        // The question goes, and what was answered stays readable.
        await app.Bus.Say(Announced(eventId, [meal with { Removed = true }, note], type), eventId.ToString(), sequence: 9);
        var buyer = app.Buyer(buyerId);
        var read = await buyer.GetAsync($"/api/participants/orders/{orderId}");
        Assert.Contains("Which meal?", (await read.Ok()).ToString(), StringComparison.Ordinal);
        var path = $"/api/participants/orders/{orderId}/tickets/{TicketsOf(placed)[1]}/answers";
        await (await Put(buyer, path, new { answers = Answers((meal, ["Fish"])) }, "*")).Refused(422, "question-unknown");
        await (await Put(buyer, path, new { answers = Answers((meal, ["Vegan"]), (note, ["nuts"])) })).Refused(428, "if-match-required");
        await (await Put(buyer, path, new { answers = Answers((meal, ["Vegan"]), (note, ["nuts"])) }, read.Headers.ETag!.ToString())).Ok();
    }

    [Fact]
    public async Task Answers_are_fixed_from_the_cut_off_on_but_not_for_the_organiser()
    {
        var type = Type(price: 0);
        var note = new QuestionTerms(Guid.CreateVersion7(), "Anything else?", QuestionKind.Text, false, 20, [], [], false);
        var eventId = await OnSale([note], new AfterSaleTerms { ChangesUntilHours = 24 }, type);
        var buyerId = Guid.CreateVersion7();
        var orderId = await Ordered(app.Buyer(buyerId), eventId, type, "Ann");
        var path = $"/api/participants/orders/{orderId}/tickets/{TicketsOf(await OrderOf(app.Buyer(buyerId), orderId))[0]}/answers";
        app.Clock.Advance(TimeSpan.FromDays(29));

        await (await Put(app.Buyer(buyerId), path, new { answers = Answers((note, ["late"])) }, "*")).Refused(409, "changes-closed");
        await (await Put(app.Organizer(), path, new { answers = Answers((note, ["late"])) }, "*")).Ok();
    }

    [Fact]
    public async Task A_buyer_gives_a_paid_ticket_back_by_the_organisers_terms()
    {
        var type = Type(quantity: 2);
        var eventId = await OnSale([], new AfterSaleTerms { CancellationUntilHours = 48, CancellationFeePercent = 20 }, type);
        var buyerId = Guid.CreateVersion7();
        var (orderId, _) = await app.Bought(app.Buyer(buyerId), eventId, type, "Ann", "Ben");
        var tickets = TicketsOf(await OrderOf(app.Buyer(buyerId), orderId));

        await (await Cancel(app.Buyer(buyerId), orderId, tickets[0])).Ok();
        await app.Quiet();
        app.Clock.Advance(TimeSpan.FromDays(28));
        await (await Cancel(app.Buyer(buyerId), orderId, tickets[1])).Refused(409, "cancellation-closed");

        var refund = Assert.Single(app.Bus.Messages<RefundRequested>());
        Assert.Equal((2000, "cancelled-by-buyer"), (refund.Amount, refund.Reason));
        Assert.Equal(1, await app.Free(eventId));
    }

    private async Task<Guid> OnSale(QuestionTerms[] questions, AfterSaleTerms afterSale, params TicketTypeTerms[] types)
    {
        var eventId = await app.OnSale(types);
        await app.Bus.Say(Announced(eventId, questions, types) with { AfterSale = afterSale }, eventId.ToString(), sequence: 5);
        return eventId;
    }

    private EventChanged Announced(Guid eventId, QuestionTerms[] questions, params TicketTypeTerms[] types) =>
        app.Changed(eventId, types) with { Questions = questions };

    private static Dictionary<Guid, string[]> Answers(params (QuestionTerms Question, string[] Values)[] answers) =>
        answers.ToDictionary(answer => answer.Question.QuestionId, answer => answer.Values);

    private Task<HttpResponseMessage> PlaceAs(Guid eventId, Guid buyerId, Guid orderId, TicketTypeTerms type, params object[] answers) =>
        app.Buyer(buyerId).PutAsJsonAsync($"/api/participants/orders/{orderId}", new
        {
            eventId,
            attendees = answers.Select((given, index) => new { ticketTypeId = type.TicketTypeId, name = $"Guest {index}", email = "guest@example.org", answers = given }),
        });

    private static Guid[] TicketsOf(JsonElement order) => [.. order.GetProperty("tickets").EnumerateArray().Select(ticket => ticket.GetProperty("ticketId").GetGuid())];

    private static Task<HttpResponseMessage> Cancel(HttpClient buyer, Guid orderId, params Guid[] ticketIds) =>
        buyer.PostAsJsonAsync($"/api/participants/orders/{orderId}/tickets/cancellation", new { ticketIds });

    private Task<HttpResponseMessage> Refund(Guid orderId, object body) =>
        app.Organizer().PutAsJsonAsync($"/api/participants/orders/{orderId}/refunds/{Guid.CreateVersion7()}", body);

    private static Task<HttpResponseMessage> Put(HttpClient client, string path, object body, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return client.SendAsync(request);
    }
}
