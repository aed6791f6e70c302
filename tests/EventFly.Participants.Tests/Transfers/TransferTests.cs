using System.Net.Http.Json;
using System.Text.Json;
using EventFly.Contracts.Events;
using EventFly.Contracts.Participants;
using static EventFly.Participants.Tests.ParticipantsApp;

namespace EventFly.Participants.Tests.Transfers;

/// <summary>A ticket goes from one person to another; every message is delivered twice.</summary>
public sealed class TransferTests : IDisposable
{
    private readonly ParticipantsApp app = new();
    private readonly Guid ann = Guid.CreateVersion7();
    private readonly Guid bob = Guid.CreateVersion7();

    public TransferTests() => app.Bus.DeliverTwice = true;

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task Whoever_shows_the_code_becomes_the_holder_and_the_old_code_is_dead_at_once()
    {
        var (eventId, orderId, ticket) = await Bought();
        var old = ticket.Text("code");
        var code = (await (await Offer(ann, ticket)).Ok()).Text("code");

        var mine = await (await Accept(bob, code)).Ok();
        await (await Scan(eventId, old)).Refused(409, "code-outdated");
        await (await Scan(eventId, mine.Text("code"))).Ok();
        var again = await (await Accept(bob, code)).Ok();
        await app.Quiet();

        Assert.Equal(mine.ToString(), again.ToString());
        var heard = Assert.Single(app.Bus.Messages<TicketTransferred>());
        Assert.Equal((ann, bob, 2), (heard.FromHolderId, heard.ToHolderId, heard.CodeVersion));
        var his = Assert.Single((await (await app.Buyer(bob).GetAsync("/api/participants/tickets")).Ok()).Items());
        Assert.True(his.GetProperty("heldByYou").GetBoolean());
        Assert.Equal(("Bob", mine.Text("code")), (his.Text("attendeeName"), his.Text("code")));
        var hers = Assert.Single((await (await app.Buyer(ann).GetAsync("/api/participants/tickets")).Ok()).Items());
        Assert.False(hers.GetProperty("heldByYou").GetBoolean());
        Assert.False(hers.TryGetProperty("code", out _) || hers.TryGetProperty("attendeeName", out _) || hers.TryGetProperty("attendeeEmail", out _));
        Assert.Equal(404, (int)(await app.Buyer(ann).GetAsync($"/api/participants/tickets/{ticket.Text("ticketId")}/qr.png")).StatusCode);
        await (await app.Buyer(bob).GetAsync($"/api/participants/orders/{orderId}")).Refused(404, "order-unknown");
        var order = await OrderOf(app.Buyer(ann), orderId);
        Assert.True(order.GetProperty("tickets")[0].GetProperty("transferred").GetBoolean());
        Assert.DoesNotContain("bob@example.org", order.ToString(), StringComparison.Ordinal);
        Assert.Equal("Bob", Assert.Single((await (await app.Organizer().GetAsync($"/api/participants/events/{eventId}/attendees")).Ok()).Items()).Text("name"));
    }

    [Fact]
    public async Task Of_many_who_show_the_code_at_once_exactly_one_gets_the_ticket()
    {
        var (_, _, ticket) = await Bought();
        var code = (await (await Offer(ann, ticket)).Ok()).Text("code");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => Accept(Guid.CreateVersion7(), code))));

        Assert.Equal(1, answers.Count(answer => (int)answer.StatusCode == 200));
        Assert.All(answers.Where(answer => (int)answer.StatusCode != 200), answer => Assert.Equal(404, (int)answer.StatusCode));
    }

    [Fact]
    public async Task A_code_that_was_withdrawn_renewed_or_has_run_out_is_worth_nothing()
    {
        var (_, _, ticket) = await Bought();
        var transferId = Guid.CreateVersion7();
        var first = (await (await Offer(ann, ticket, transferId)).Ok()).Text("code");
        var second = (await (await Offer(ann, ticket, transferId)).Ok()).Text("code");
        await (await Offer(ann, ticket)).Refused(409, "transfer-open");

        await (await Accept(bob, first)).Refused(404, "transfer-unknown");
        await (await Accept(ann, second)).Refused(409, "transfer-to-self");
        await (await Withdraw(bob, ticket, transferId)).Refused(404, "ticket-unknown");
        await (await Withdraw(ann, ticket, transferId)).Is(204);
        await (await Withdraw(ann, ticket, transferId)).Is(204);
        await (await Accept(bob, second)).Refused(404, "transfer-unknown");
        var third = (await (await Offer(ann, ticket)).Ok()).Text("code");
        app.Clock.Advance(TimeSpan.FromDays(7));
        await (await Accept(bob, third)).Refused(409, "transfer-expired");
    }

    [Fact]
    public async Task An_offer_to_one_account_is_for_nobody_else()
    {
        var (_, _, ticket) = await Bought();
        var code = (await (await Offer(ann, ticket, recipientId: bob)).Ok()).Text("code");

        await (await Accept(Guid.CreateVersion7(), code)).Refused(404, "transfer-unknown");
        await (await Accept(bob, code, email: "nobody")).Refused(400, "attendee-email-invalid");
        await (await Accept(bob, code)).Ok();
    }

    [Fact]
    public async Task Who_went_in_was_refunded_or_is_too_late_hands_nothing_over()
    {
        var (eventId, _, admitted) = await Bought();
        var code = (await (await Offer(ann, admitted)).Ok()).Text("code");
        await (await Scan(eventId, admitted.Text("code"))).Ok();
        await (await Accept(bob, code)).Refused(409, "already-admitted");
        await (await Offer(ann, admitted)).Refused(409, "already-admitted");
        await (await Offer(bob, admitted)).Refused(404, "ticket-unknown");

        var (_, orderId, refunded) = await Bought();
        var late = (await (await Offer(ann, refunded)).Ok()).Text("code");
        await (await app.Organizer().PutAsync($"/api/participants/orders/{orderId}/refunds/{Guid.CreateVersion7()}", null)).Ok();
        await app.Quiet();
        await (await Accept(bob, late)).Refused(409, "ticket-void");
        await (await Offer(ann, refunded)).Refused(409, "ticket-void");

        var (_, _, over) = await Bought();
        app.Clock.Advance(TimeSpan.FromDays(31));
        await (await Offer(ann, over)).Refused(409, "event-over");
    }

    [Fact]
    public async Task An_organiser_who_wants_no_transfers_gets_none()
    {
        var type = Type();
        var eventId = await app.OnSale(type);
        var (_, tickets) = await app.Bought(app.Buyer(ann), eventId, type, "Ann");
        var code = (await (await Offer(ann, tickets[0])).Ok()).Text("code");
        await app.Bus.Say(app.Changed(eventId, type) with { AfterSale = new AfterSaleTerms { Transfers = false } }, eventId.ToString(), sequence: 9);

        await (await Offer(ann, tickets[0])).Refused(409, "transfers-not-allowed");
        await (await Accept(bob, code)).Refused(409, "transfers-not-allowed");
    }

    [Fact]
    public async Task The_new_holder_answers_for_themselves_and_money_still_goes_to_who_paid()
    {
        var type = Type();
        var meal = new QuestionTerms(Guid.CreateVersion7(), "Which meal?", QuestionKind.One, true, null, ["Vegan", "Fish"], [], false);
        var (eventId, orderId, ticket) = await Bought(type);
        await app.Bus.Say(app.Changed(eventId, type) with { Questions = [meal] }, eventId.ToString(), sequence: 9);
        var code = (await (await Offer(ann, ticket)).Ok()).Text("code");

        await (await Accept(bob, code)).Refused(422, "answer-missing");
        await (await Accept(bob, code, answers: new() { [meal.QuestionId] = ["Fish"] })).Ok();
        await app.Quiet();
        var csv = await app.Organizer().GetStringAsync($"/api/participants/events/{eventId}/attendees.csv");
        Assert.Contains("Bob,bob@example.org", csv, StringComparison.Ordinal);
        Assert.Contains(",Fish", csv, StringComparison.Ordinal);
        var path = $"/api/participants/orders/{orderId}/tickets/{ticket.Text("ticketId")}/attendee";
        await (await app.Buyer(bob).PutAsJsonAsync(path, new { name = "Robert", email = "bob@example.org" })).Is(204);
        await (await app.Buyer(ann).PutAsJsonAsync(path, new { name = "Ann", email = "ann@example.org" })).Refused(409, "ticket-transferred");
        await app.Quiet();
        Assert.Equal("Robert", Assert.Single((await (await app.Buyer(bob).GetAsync("/api/participants/tickets")).Ok()).Items()).Text("attendeeName"));

        await (await app.Organizer().PutAsync($"/api/participants/orders/{orderId}/refunds/{Guid.CreateVersion7()}", null)).Ok();
        await app.Quiet();
        var refund = Assert.Single(app.Bus.Messages<RefundRequested>());
        Assert.Equal((orderId, 2500), (refund.OrderId, refund.Amount));
        Assert.Equal("void", Assert.Single((await (await app.Buyer(bob).GetAsync("/api/participants/tickets")).Ok()).Items()).Text("status"));
    }

    [Fact]
    public async Task A_ticket_goes_on_from_hand_to_hand()
    {
        var (_, _, ticket) = await Bought();
        var carol = Guid.CreateVersion7();
        await (await Accept(bob, (await (await Offer(ann, ticket)).Ok()).Text("code"))).Ok();

        await (await Offer(ann, ticket)).Refused(404, "ticket-unknown");
        await (await Accept(carol, (await (await Offer(bob, ticket)).Ok()).Text("code"), name: "Carol")).Ok();
        await app.Quiet();

        Assert.Empty((await (await app.Buyer(bob).GetAsync("/api/participants/tickets")).Ok()).Items());
        Assert.Equal("Carol", Assert.Single((await (await app.Buyer(carol).GetAsync("/api/participants/tickets")).Ok()).Items()).Text("attendeeName"));
        Assert.Equal([2, 3], app.Bus.Messages<TicketTransferred>().Select(one => one.CodeVersion));
    }

    private async Task<(Guid EventId, Guid OrderId, JsonElement Ticket)> Bought(TicketTypeTerms? wanted = null)
    {
        var type = wanted ?? Type();
        var eventId = await app.OnSale(type);
        var (orderId, tickets) = await app.Bought(app.Buyer(ann), eventId, type, "Ann");
        return (eventId, orderId, tickets[0]);
    }

    private Task<HttpResponseMessage> Offer(Guid by, JsonElement ticket, Guid? transferId = null, Guid? recipientId = null) =>
        app.Buyer(by).PutAsJsonAsync($"/api/participants/tickets/{ticket.Text("ticketId")}/transfers/{transferId ?? Guid.CreateVersion7()}", new { recipientId });

    private Task<HttpResponseMessage> Withdraw(Guid by, JsonElement ticket, Guid transferId) =>
        app.Buyer(by).DeleteAsync($"/api/participants/tickets/{ticket.Text("ticketId")}/transfers/{transferId}");

    private Task<HttpResponseMessage> Accept(
        Guid by, string code, string name = "Bob", string email = "bob@example.org", Dictionary<Guid, string[]>? answers = null) =>
        app.Buyer(by).PostAsJsonAsync("/api/participants/transfers/acceptance", new { code, name, email, answers });

    private Task<HttpResponseMessage> Scan(Guid eventId, string code) => app.Organizer().PostAsJsonAsync(
        $"/api/participants/events/{eventId}/checkins", new { scanId = Guid.CreateVersion7(), code, gate = "North" });
}
