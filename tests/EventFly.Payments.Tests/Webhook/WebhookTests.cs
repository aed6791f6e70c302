using System.Security.Cryptography;
using System.Text;
using EventFly.Contracts.Payments;
using EventFly.Payments.Alerts;
using EventFly.Testing;
using PaymentStatus = EventFly.Payments.Payments.PaymentStatus;

namespace EventFly.Payments.Tests.Webhook;

public sealed class WebhookTests : IAsyncDisposable
{
    private readonly PaymentsApp app = new();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Every_webhook_twice_tells_everything_once()
    {
        await app.Stripe.Switch(new { webhookDuplicate = true });
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        var payment = await (await app.Pay(order, paymentId, "pm_card_threeDSecure2Required")).Is(200);

        await app.AtTheBank(payment, "complete");

        await app.Bus.Expect<PaymentSucceeded>(message => message.PaymentId == paymentId);
        await Delivered();
        Assert.Single(app.Bus.Messages<PaymentSucceeded>(), message => message.PaymentId == paymentId);
    }

    [Fact]
    public async Task Webhooks_out_of_order_end_in_the_truth()
    {
        await app.Stripe.Switch(new { webhookOutOfOrder = true });
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        var payment = await (await app.Pay(order, paymentId, "pm_card_threeDSecure2Required")).Is(200);

        await app.AtTheBank(payment, "complete");

        await app.Bus.Expect<PaymentSucceeded>(message => message.PaymentId == paymentId);
        Assert.Equal("succeeded", (await app.PaymentOf(order, paymentId)).Status());
    }

    [Fact]
    public async Task A_webhook_that_is_lost_at_first_comes_again()
    {
        await app.Stripe.Switch(new { webhookDropFirst = true });
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        var payment = await (await app.Pay(order, paymentId, "pm_card_threeDSecure2Required")).Is(200);

        await app.AtTheBank(payment, "complete");

        await app.Bus.Expect<PaymentSucceeded>(message => message.PaymentId == paymentId);
    }

    [Fact]
    public async Task A_webhook_that_is_faster_than_the_answer_settles_the_payment()
    {
        // The answer is lost at every try, so that the webhook is all there is; it finds the payment by what Stripe was told of it.
        await app.Stripe.Switch(new { loseNextAnswers = 3 });
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();

        var answer = await app.Pay(order, paymentId);

        Assert.Contains((int)answer.StatusCode, (int[])[200, 503]);
        await app.Bus.Expect<PaymentSucceeded>(message => message.PaymentId == paymentId);
        Assert.Equal("succeeded", (await (await app.Pay(order, paymentId)).Is(200)).Status());
        await (await app.Pay(order)).Refused(409, "order-already-paid");
        Assert.Single(app.Bus.Messages<PaymentSucceeded>(), message => message.PaymentId == paymentId);
        Assert.Equal(["charge"], await app.MovementsOf(order));
    }

    [Fact]
    public async Task A_failure_that_is_told_after_the_success_changes_nothing()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        await (await app.Pay(order, paymentId)).Is(200);
        await Delivered();

        await (await Tell("evt_late", "payment_intent.payment_failed", await Intent(order, paymentId, "requires_payment_method"))).Is(200);
        await (await Tell("evt_later", "payment_intent.canceled", await Intent(order, paymentId, "canceled"))).Is(200);

        Assert.Equal("succeeded", (await app.PaymentOf(order, paymentId)).Status());
        Assert.DoesNotContain(app.Bus.Messages<PaymentFailed>(), message => message.PaymentId == paymentId);
    }

    [Fact]
    public async Task A_success_that_is_told_after_the_failure_counts()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        await (await app.Pay(order, paymentId, "pm_card_chargeDeclined")).Is(200);

        await (await Tell("evt_s", "payment_intent.succeeded", await Intent(order, paymentId, "succeeded"))).Is(200);

        await app.Bus.Expect<PaymentSucceeded>(message => message.PaymentId == paymentId);
        await (await app.Pay(order)).Refused(409, "order-already-paid");
    }

    [Fact]
    public async Task The_same_event_takes_effect_once_even_when_its_body_says_otherwise()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        await (await app.Pay(order, paymentId, "pm_card_threeDSecure2Required")).Is(200);

        await (await Tell("evt_1", "payment_intent.processing", await Intent(order, paymentId, "processing"))).Is(200);
        await (await Tell("evt_1", "payment_intent.canceled", await Intent(order, paymentId, "canceled"))).Is(200);

        Assert.Equal("processing", (await app.PaymentOf(order, paymentId)).Status());
    }

    [Theory]
    [InlineData(null, "signature-missing")]
    [InlineData("t=1,v1=00", "signature-malformed")]
    public async Task An_unsigned_webhook_is_refused(string? signature, string code)
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        await (await app.Pay(order, paymentId, "pm_card_threeDSecure2Required")).Is(200);

        await (await Send(Event("evt_x", "payment_intent.succeeded", await Intent(order, paymentId, "succeeded")), signature)).Refused(400, code);

        Assert.Equal("requiresAction", (await app.PaymentOf(order, paymentId)).Status());
    }

    [Fact]
    public async Task A_webhook_with_a_wrong_or_old_signature_is_refused()
    {
        var body = Event("evt_x", "payment_intent.succeeded", "{}");

        await (await Send(body, Sign(body, "whsec_of_somebody_else"))).Refused(400, "signature-wrong");
        await (await Send(body + " ", Sign(body))).Refused(400, "signature-wrong");
        await (await Send(body, Sign(body, at: app.Clock.Now.AddMinutes(-6)))).Refused(400, "signature-too-old");
    }

    [Fact]
    public async Task What_we_do_not_know_is_taken_and_changes_nothing()
    {
        await (await Tell("evt_u", "price.created", """{"id":"price_1","object":"price"}""")).Is(200);
        await (await Tell("evt_v", "payment_intent.processing", await Intent(app.NewOrder(), Guid.CreateVersion7(), "processing"))).Is(200);
        await (await Send("x", Sign("x"))).Refused(400, "body-unreadable");
    }

    [Fact]
    public async Task A_webhook_that_is_too_long_is_refused()
    {
        await (await Send(new string(' ', 300_000), "t=1,v1=00")).Refused(413, "too-large");
        await (await Send(new string(' ', 300_000), "t=1,v1=00", isChunked: true)).Refused(413, "too-large");
    }

    [Fact]
    public async Task Money_that_belongs_to_no_payment_of_ours_is_put_on_a_list()
    {
        var stranger = Guid.CreateVersion7();

        await (await Tell("evt_m", "payment_intent.succeeded", await Intent(app.NewOrder(), stranger, "succeeded"))).Is(200);
        await (await Tell("evt_m", "payment_intent.succeeded", await Intent(app.NewOrder(), stranger, "succeeded"))).Is(200);

        var charge = Assert.Single(await app.Alerts(AlertKind.UnclaimedCharge));
        Assert.Equal((stranger, 2_500, "EUR"), (charge.PaymentId!.Value, charge.Amount!.Value, charge.Currency));
    }

    [Fact]
    public async Task A_dispute_is_written_down()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        await (await app.Pay(order, paymentId, "pm_card_createDispute")).Is(200);

        await Eventually.True(async () => (await app.Stream(paymentId)).Disputes.Count == 1);

        var dispute = Assert.Single((await app.Stream(paymentId)).Disputes.Values);
        Assert.Equal(("fraudulent", 2_500), (dispute.Reason, dispute.Amount));
    }

    [Fact]
    public async Task An_event_is_stored_with_its_effect()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        await (await app.Pay(order, paymentId, "pm_card_threeDSecure2Required")).Is(200);

        await (await Tell("evt_seen", "payment_intent.succeeded", await Intent(order, paymentId, "succeeded"))).Is(200);

        var payment = await app.Stream(paymentId);
        Assert.Equal(PaymentStatus.Succeeded, payment.Status);
        Assert.Contains("evt_seen", payment.TakenEvents);
    }

    [Fact]
    public async Task Two_attempts_that_both_bring_money_are_both_told_and_the_one_too_many_goes_back_once()
    {
        var order = await app.Placed();
        var (late, paid, refundId) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await (await app.Pay(order, late, "pm_card_chargeDeclined")).Is(200);
        await (await app.Pay(order, paid)).Is(200);
        await app.Confirm(order, paid);

        // The declined attempt goes through all the same, behind our back.
        await app.Stripe.Post($"/v1/payment_intents/{(await app.Stream(late)).ProcessorId}/confirm", ("payment_method", "pm_card_visa"));
        await app.Bus.Expect<PaymentSucceeded>(message => message.PaymentId == late);
        await Eventually.True(async () => (await app.Known(order)).Awaiting.Count == 1);

        await app.AskBack(order, late, refundId, reason: "surplus-payment");
        await app.AskBack(order, late, refundId, reason: "surplus-payment");

        Assert.Equal(["charge", "charge", "refund"], await app.MovementsOf(order));
        Assert.Empty((await app.Known(order)).Awaiting);
        Assert.Equal(paid, (await app.Known(order)).PaidBy);
        Assert.Equal(2, (await app.Ledger(late)).Count);
        Assert.Single(await app.Ledger(paid));
    }

    [Fact]
    public async Task Tickets_that_are_told_before_the_money_is_known_are_no_reason_to_worry_later()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        await app.Confirm(order, paymentId);

        await (await app.Pay(order, paymentId)).Refused(409, "order-already-paid");
        Assert.Empty((await app.Known(order)).Awaiting);
    }

    [Fact]
    public async Task What_the_webhook_tells_after_the_answer_costs_no_write()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        await (await app.Pay(order, paymentId)).Is(200);
        await Delivered();

        Assert.Equal(paymentId, (await app.Known(order)).Open!.PaymentId);
        Assert.Empty((await app.Stream(paymentId)).TakenEvents);
        await app.Confirm(order, paymentId);
        Assert.Null((await app.Known(order)).Open);
    }

    private Task Delivered() => Eventually.True(async () =>
    {
        var state = (await app.Stripe.Get("/_simulator/webhooks")).Body;
        return state.GetProperty("queued").GetInt32() == 0 && state.GetProperty("waiting").GetInt32() == 0;
    });

    private Task<HttpResponseMessage> Tell(string id, string type, string subject)
    {
        var body = Event(id, type, subject);
        return Send(body, Sign(body));
    }

    private async Task<HttpResponseMessage> Send(string body, string? signature, bool isChunked = false)
    {
        using var client = app.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/payments/stripe/webhook")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (isChunked) request.Headers.TransferEncodingChunked = true;
        if (signature is not null) request.Headers.TryAddWithoutValidation("Stripe-Signature", signature);
        return await client.SendAsync(request);
    }

    private string Sign(string body, string? secret = null, DateTimeOffset? at = null)
    {
        var time = (at ?? app.Clock.Now).ToUnixTimeSeconds();
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret ?? app.WebhookSecret), Encoding.UTF8.GetBytes($"{time}.{body}"));
        return $"t={time},v1={Convert.ToHexStringLower(hash)}";
    }

    private string Event(string id, string type, string subject) =>
        $$"""{"id":"{{id}}","object":"event","created":{{app.Clock.Now.ToUnixTimeSeconds()}},"livemode":false,"type":"{{type}}","data":{"object":{{subject}} } }""";

    private async Task<string> Intent(Order order, Guid paymentId, string status)
    {
        var id = (await app.Stream(paymentId)).ProcessorId ?? "pi_told";
        var charge = status is "succeeded" ? "\"ch_told\"" : "null";
        var error = status is "requires_payment_method" ? """{"type":"card_error","code":"card_declined","message":"No."}""" : "null";
        return $$"""
            {"id":"{{id}}","object":"payment_intent","amount":2500,"amount_received":{{(status is "succeeded" ? 2500 : 0)}},"cancellation_reason":null,
            "client_secret":"x_secret_y","created":{{app.Clock.Now.ToUnixTimeSeconds()}},"currency":"eur","last_payment_error":{{error}},
            "latest_charge":{{charge}},"metadata":{"payment_id":"{{paymentId}}","order_id":"{{order.Id}}"},"next_action":null,"status":"{{status}}"}
            """.ReplaceLineEndings("");
    }
}
