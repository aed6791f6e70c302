using EventFly.Contracts.Payments;
using EventFly.Testing;

namespace EventFly.Payments.Tests.PayableOrders;

public sealed class ClosedOrderTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    [Fact]
    public async Task A_closed_order_is_not_paid()
    {
        var order = await app.Placed();
        await app.Close(order);

        await (await app.Pay(order)).Refused(409, "order-closed");
        Assert.Empty(await app.MovementsOf(order));
    }

    [Fact]
    public async Task An_end_that_is_heard_before_the_beginning_counts()
    {
        var order = app.NewOrder();
        await app.Close(order);
        await (await app.Pay(order)).Refused(404, "order-not-found");
        await app.Placed(order: order);

        await (await app.Pay(order)).Refused(409, "order-closed");
    }

    [Fact]
    public async Task A_beginning_that_is_heard_again_changes_nothing()
    {
        var order = await app.Placed();
        await (await app.Pay(order)).Is(200);

        await app.Placed(order: order);

        await (await app.Pay(order)).Refused(409, "order-already-paid");
    }

    [Fact]
    public async Task A_buyer_at_the_banks_page_is_called_off()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        var payment = await (await app.Pay(order, paymentId, "pm_card_threeDSecure2Required")).Is(200);

        await app.Close(order);
        await app.Close(order);

        Assert.Equal("cancelled", (await app.PaymentOf(order, paymentId)).Status());
        await app.Bus.Expect<PaymentFailed>(message => message.PaymentId == paymentId && message.Code == "cancelled");
        using var browser = app.Stripe.NewClient();
        using var tooLate = await browser.PostAsync(
            new Uri(payment.GetProperty("actionUrl").GetString()!.Replace("?", "/complete?", StringComparison.Ordinal)), null);
        Assert.Equal(410, (int)tooLate.StatusCode);
        Assert.Empty(await app.MovementsOf(order));
        Assert.Single(app.Bus.Messages<PaymentFailed>(), message => message.PaymentId == paymentId);
    }

    [Fact]
    public async Task A_buyer_who_paid_at_the_last_moment_has_paid()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        var payment = await (await app.Pay(order, paymentId, "pm_card_threeDSecure2Required")).Is(200);
        await app.Stripe.Switch(new { webhookDelayMs = 60_000 });
        await app.AtTheBank(payment, "complete");

        await app.Close(order);

        Assert.Equal("succeeded", (await app.PaymentOf(order, paymentId)).Status());
        await app.Bus.Expect<PaymentSucceeded>(message => message.PaymentId == paymentId);
        await app.Stripe.Switch(new { webhookDelayMs = 0 });
    }

    [Fact]
    public async Task An_attempt_that_had_only_taken_its_place_never_begins()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        await app.TakePlace(order, paymentId);

        await app.Close(order);

        Assert.NotEqual(200, (int)(await app.Pay(order, paymentId)).StatusCode);
        Assert.Empty(await app.MovementsOf(order));
    }

    [Fact]
    public async Task A_payment_that_is_faster_than_the_message_waits_for_it()
    {
        await using var patient = new PaymentsApp(hearsWebhooks: false, ("Payments:OrderWait", "00:00:02"));
        var order = patient.NewOrder();

        var paying = patient.Pay(order);
        await Eventually.True(() => patient.Waiting == 1);
        await patient.Placed(order: order);

        Assert.Equal("succeeded", (await (await paying).Is(200)).Status());
        Assert.Equal(0, patient.Waiting);
    }

    [Fact]
    public async Task A_payment_does_not_wait_for_ever()
    {
        await using var patient = new PaymentsApp(hearsWebhooks: false, ("Payments:OrderWait", "00:00:02"));

        var paying = patient.Pay(patient.NewOrder());
        await Eventually.True(() => patient.Waiting == 1);
        patient.Clock.Advance(TimeSpan.FromSeconds(2));

        await (await paying).Refused(404, "order-not-found");
        Assert.Equal(0, patient.Waiting);
    }

    [Fact]
    public async Task Only_so_many_payments_wait_at_once()
    {
        await using var patient = new PaymentsApp(hearsWebhooks: false, ("Payments:OrderWait", "00:00:02"), ("Payments:MostWaiting", "1"));
        var order = patient.NewOrder();
        var first = patient.Pay(order);
        await Eventually.True(() => patient.Waiting == 1);

        await (await patient.Pay(patient.NewOrder())).Refused(404, "order-not-found");

        await patient.Placed(order: order);
        await (await first).Is(200);
    }
}
