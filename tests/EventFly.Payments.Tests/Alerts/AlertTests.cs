using System.Net.Http.Json;
using System.Text.Json;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Participants;
using EventFly.Payments.Alerts;
using EventFly.Testing;

namespace EventFly.Payments.Tests.Alerts;

public sealed class AlertTests : IAsyncDisposable
{
    private readonly PaymentsApp app = new();
    private readonly Guid paymentId = Guid.CreateVersion7();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_refund_that_failed_is_on_the_list_of_its_organisation_until_the_money_has_gone()
    {
        var order = await RefundFailed();
        var seller = TestUser.Organizer(order.Message.OrganizationId, "billing.manage");

        var alert = Assert.Single(await List(seller));
        Assert.Equal(
            ("refundFailed", 9_999, order.Id),
            (alert.GetProperty("kind").GetString(), alert.GetProperty("amount").GetInt64(), alert.GetProperty("orderId").GetGuid()));
        Assert.Empty(await List(TestUser.Organizer(Guid.CreateVersion7(), "billing.manage")));
        Assert.Single(await List(PaymentsApp.Platform));
        await app.Get("/api/payments/alerts", TestUser.Participant(order.Message.BuyerId), 403);
        await app.Get("/api/payments/alerts?kind=nonsense", seller, 400);
    }

    [Fact]
    public async Task Somebody_may_say_that_they_look_after_it()
    {
        var order = await RefundFailed();
        var seller = TestUser.Organizer(order.Message.OrganizationId, "billing.manage");
        var alert = Assert.Single(await List(seller)).GetProperty("alertId").GetString();

        await (await Acknowledge(TestUser.Organizer(Guid.CreateVersion7(), "billing.manage"), alert!)).Refused(404, "alert-not-found");
        await (await Acknowledge(TestUser.Organizer(order.Message.OrganizationId, "order.read"), alert!)).Is(403);
        await (await Acknowledge(seller, alert!, new string('x', 1_001))).Is(400);
        await (await Acknowledge(seller, alert!)).Is(200);
        await (await Acknowledge(seller, alert!)).Is(200);

        var seen = Assert.Single(await List(PaymentsApp.Platform)).GetProperty("acknowledged");
        Assert.Equal((seller.Id, "called the buyer"), (seen.GetProperty("by").GetGuid(), seen.GetProperty("note").GetString()));
    }

    [Fact]
    public async Task A_charge_that_belongs_to_nobody_is_for_those_who_run_the_platform()
    {
        await app.Stripe.Post("/v1/payment_intents", ("amount", "999"), ("currency", "eur"), ("confirm", "true"), ("payment_method", "pm_card_visa"));

        await Eventually.True(async () => (await List(PaymentsApp.Platform, "?kind=unclaimedCharge")).Count == 1);

        Assert.Empty(await List(TestUser.Organizer(Guid.CreateVersion7(), "billing.manage")));
    }

    [Fact]
    public async Task A_message_that_nobody_could_handle_is_an_alert_until_it_is_replayed()
    {
        await app.Bus.Publish(new Announcement(Guid.CreateVersion7(), $"eventfly.participants.{nameof(OrderPlaced)}.x", "{"u8.ToArray()), CancellationToken.None);
        await app.Until(async () => (await app.Alerts(AlertKind.DeadLetter)).Count == 1);
        var letter = Assert.Single(await app.Bus.List("payments", 0, 10, CancellationToken.None));

        await app.Bus.Replay(letter.Sequence, CancellationToken.None);

        // Still unreadable, so that it is a new letter; the old one is gone.
        await app.Until(async () => (await app.Alerts(AlertKind.DeadLetter)) is [{ Subject: "2" }]);
    }

    [Fact]
    public async Task Alerts_are_counted_by_kind()
    {
        await RefundFailed();
        using var client = app.CreateClient();

        await app.Until(async () => (await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)))
            .Split('\n').Any(line => line.StartsWith("eventfly_payments_alerts{", StringComparison.Ordinal) && line.Contains("RefundFailed", StringComparison.Ordinal)));
    }

    private async Task<Order> RefundFailed()
    {
        var order = await app.Placed();
        await (await app.Pay(order, paymentId)).Is(200);
        await app.AskBack(order, paymentId, Guid.CreateVersion7(), 9_999);
        return order;
    }

    private async Task<IReadOnlyList<JsonElement>> List(TestUser user, string query = "") =>
        [.. (await app.Get($"/api/payments/alerts{query}", user)).GetProperty("items").EnumerateArray()];

    private async Task<HttpResponseMessage> Acknowledge(TestUser user, string alertId, string note = "called the buyer")
    {
        using var client = app.CreateClient(user);
        return await client.PutAsJsonAsync($"/api/payments/alerts/{alertId}/acknowledgement", new { note });
    }
}
