using System.Text.Json;
using EventFly.BuildingBlocks.Documents;
using EventFly.Payments.Alerts;
using EventFly.Payments.Ledger;
using EventFly.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EventFly.Payments.Tests.Reconciliation;

public sealed class ReconcilerTests : IAsyncDisposable
{
    // Nothing is told by webhook, so that what nobody asks about stays unknown here.
    private readonly PaymentsApp app = new(hearsWebhooks: false, ("Payments:ReconcileAfter", "00:00:00"));
    private readonly Guid paymentId = Guid.CreateVersion7();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Where_all_agree_nothing_is_reported_and_the_next_run_goes_on_from_there()
    {
        var order = await Confirmed();
        await app.AskBack(order, paymentId, Guid.CreateVersion7(), 1_000);

        var first = await Run();
        Assert.Equal((2, 2, 0), (Number(first, "atProcessor"), Number(first, "inBooks"), Number(first, "open")));
        Assert.Empty(await Differences());

        var second = await Run();
        Assert.Equal((0, 0), (Number(second, "atProcessor"), Number(second, "inBooks")));
        Assert.Equal(
            second.GetProperty("checkedUntil").GetDateTimeOffset(),
            (await app.Get("/api/payments/reconciliation", PaymentsApp.Platform)).GetProperty("checkedUntil").GetDateTimeOffset());
    }

    [Fact]
    public async Task Money_that_moved_without_us_is_reported_until_we_know_of_it()
    {
        await Confirmed();
        var refund = await app.Stripe.Post("/v1/refunds", ("payment_intent", (await app.Stream(paymentId)).ProcessorId!), ("amount", "700"));

        await Run();
        var difference = Assert.Single(await Differences());
        Assert.Equal(
            ("notBooked", "refund", refund.Id, -700),
            (Text(difference, "kind"), Text(difference, "what"), Text(difference, "processorId"), difference.GetProperty("theirs").GetInt64()));
        Assert.Single(await app.Alerts(AlertKind.Difference));
        await Run();
        Assert.Single(await Differences());

        await app.HearWebhooks();
        var told = (await app.Stripe.Get("/v1/events?type=refund.created")).Body.GetProperty("data")[0].GetProperty("id").GetString();
        await app.Turn($"/_simulator/events/{told}/resend");
        await Eventually.True(async () => (await app.Ledger(paymentId)).Count == 2);

        Assert.Equal(1, Number(await Run(), "resolved"));
        Assert.Empty(await Differences());
        Assert.Empty(await app.Alerts(AlertKind.Difference));
        Assert.NotEqual(default, Assert.Single(await Differences("?resolved=true")).GetProperty("resolvedAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_charge_that_nobody_here_knows_is_reported()
    {
        await app.Stripe.Post("/v1/payment_intents", ("amount", "999"), ("currency", "eur"), ("confirm", "true"), ("payment_method", "pm_card_visa"));

        await Run();

        var difference = Assert.Single(await Differences());
        Assert.Equal(("notBooked", "charge", 999), (Text(difference, "kind"), Text(difference, "what"), difference.GetProperty("theirs").GetInt64()));
    }

    [Fact]
    public async Task What_is_only_in_our_books_is_reported_to_the_organisation_and_to_no_other()
    {
        var organization = Guid.CreateVersion7();
        var invented = new Movement(
            "refund-invented", MovementKind.Refund, paymentId, Guid.CreateVersion7(), Guid.CreateVersion7(), organization, "re_invented", "EUR",
            [new Entry(Accounts.Processor, -500), new Entry(Accounts.Refunds, 500)], app.Clock.Now);
        await app.Services.GetRequiredService<Documents<Movement>>().Change(invented.MovementId, _ => invented, CancellationToken.None);

        await Run();

        var seen = await app.Get("/api/payments/differences", TestUser.Organizer(organization, "billing.manage"));
        Assert.Equal("notAtProcessor", Text(Assert.Single(seen.GetProperty("items").EnumerateArray()), "kind"));
        Assert.Empty((await app.Get("/api/payments/differences", TestUser.Organizer(Guid.CreateVersion7(), "billing.manage"))).GetProperty("items").EnumerateArray());
        await app.Get("/api/payments/differences", TestUser.Organizer(organization, "event.edit"), 403);
    }

    [Fact]
    public async Task Another_amount_is_reported()
    {
        await Confirmed();
        var charge = Assert.Single(await app.Ledger(paymentId));
        await app.Services.GetRequiredService<Documents<Movement>>().Change(
            charge.MovementId, _ => charge with { Entries = [new Entry(Accounts.Processor, 2_000), new Entry(Accounts.Payable, -2_000)] }, CancellationToken.None);

        await Run();

        Assert.Contains(await Differences(), difference => Text(difference, "kind") == "amountDiffers" && difference.GetProperty("ours").GetInt64() == 2_000);
    }

    [Fact]
    public async Task Money_without_tickets_is_an_alert_and_a_difference_until_the_tickets_are_there()
    {
        var order = await app.Placed();
        await (await app.Pay(order, paymentId)).Is(200);
        await app.Until(async () => (await app.Ledger(paymentId)).Count == 1);
        Assert.Empty(await app.Alerts(AlertKind.ChargeWithoutTickets));

        app.Clock.Advance(TimeSpan.FromMinutes(6));
        await app.Until(async () => (await app.Alerts(AlertKind.ChargeWithoutTickets)).Count == 1);
        await Run();
        Assert.Equal("orderUnsettled", Text(Assert.Single(await Differences()), "kind"));

        await app.Confirm(order, paymentId);

        await app.Until(async () => (await app.Alerts(AlertKind.ChargeWithoutTickets)).Count == 0);
        await Run();
        Assert.Empty(await Differences());
    }

    [Fact]
    public async Task What_the_processor_keeps_is_learned_where_it_was_not_said_at_once()
    {
        await app.HearWebhooks();
        var order = await app.Placed();
        var payment = await (await app.Pay(order, paymentId, "pm_card_threeDSecure2Required")).Is(200);
        await app.AtTheBank(payment, "complete");
        await Eventually.True(async () => (await app.Stream(paymentId)).ChargeId is not null);
        await app.Confirm(order, paymentId);
        Assert.Equal(0, Assert.Single(await app.Ledger(paymentId)).On(Accounts.ProcessorFees));

        await Run();

        Assert.Equal([MovementKind.Charge, MovementKind.ProcessorFee], (await app.Ledger(paymentId)).Select(movement => movement.Kind));
        Assert.Equal(102, (await app.Ledger(paymentId))[1].On(Accounts.ProcessorFees));
        Assert.Empty(await Differences());
    }

    [Fact]
    public async Task A_processor_that_does_not_answer_is_asked_again_later()
    {
        await app.Stripe.DisposeAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        using var platform = app.CreateClient(PaymentsApp.Platform);

        await (await platform.PostAsync(new Uri("/api/payments/reconciliation", UriKind.Relative), null)).Refused(503, "processor-unavailable");
        await app.Get("/api/payments/reconciliation", PaymentsApp.Platform, 404);
    }

    [Fact]
    public async Task Only_those_who_run_the_platform_start_it()
    {
        using var seller = app.CreateClient(TestUser.Organizer(Guid.CreateVersion7(), "billing.manage", "order.read"));

        await (await seller.PostAsync(new Uri("/api/payments/reconciliation", UriKind.Relative), null)).Is(403);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static long Number(JsonElement state, string name) => state.GetProperty("lastRun").GetProperty(name).GetInt64();

    private async Task<JsonElement> Run()
    {
        // The simulator has the time of the machine, and the service's stands still.
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        using var platform = app.CreateClient(PaymentsApp.Platform);
        return await (await platform.PostAsync(new Uri("/api/payments/reconciliation", UriKind.Relative), null)).Is(200);
    }

    private async Task<IReadOnlyList<JsonElement>> Differences(string query = "") =>
        [.. (await app.Get($"/api/payments/differences{query}", PaymentsApp.Platform)).GetProperty("items").EnumerateArray()];

    private async Task<Order> Confirmed()
    {
        var order = await app.Placed();
        await (await app.Pay(order, paymentId)).Is(200);
        await app.Confirm(order, paymentId);
        return order;
    }
}
