using EventFly.Contracts.Payments;

namespace EventFly.Payments.Tests.Payments;

/// <summary>Stripe says nothing on its own here, and not always when asked.</summary>
public sealed class LostAnswersTests(DeafPaymentsApp app) : IClassFixture<DeafPaymentsApp>, IAsyncLifetime
{
    private const int EveryTry = 3;

    public async ValueTask InitializeAsync() => await app.Stripe.Switch(new
    {
        failNextRequests = 0, loseNextAnswers = 0, settleAfterMs = 0, declineEverything = false,
    });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_answer_that_is_lost_once_is_asked_for_again_and_charges_once()
    {
        var order = await app.Placed();
        await app.Stripe.Switch(new { loseNextAnswers = 1 });

        Assert.Equal("succeeded", (await (await app.Pay(order)).Is(200)).Status());
        Assert.Equal(["charge"], await app.MovementsOf(order));
    }

    [Fact]
    public async Task A_buyer_who_is_told_to_come_back_is_charged_once()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        await app.Stripe.Switch(new { loseNextAnswers = EveryTry });

        var answer = await app.Pay(order, paymentId);
        await answer.Refused(503, "processor-unavailable");
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal("started", (await app.PaymentOf(order, paymentId)).Status());
        await (await app.Pay(order)).Refused(409, "payment-in-progress");

        Assert.Equal("succeeded", (await (await app.Pay(order, paymentId)).Is(200)).Status());
        Assert.Equal(["charge"], await app.MovementsOf(order));
    }

    [Fact]
    public async Task A_charge_whose_answer_was_lost_is_found_without_the_buyer()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        await app.Stripe.Switch(new { loseNextAnswers = EveryTry });
        await (await app.Pay(order, paymentId)).Refused(503, "processor-unavailable");

        await app.Until(() => Task.FromResult(app.Bus.Messages<PaymentSucceeded>().Any(message => message.PaymentId == paymentId)));

        Assert.Equal("succeeded", (await app.PaymentOf(order, paymentId)).Status());
        Assert.Equal(["charge"], await app.MovementsOf(order));
        await (await app.Pay(order)).Refused(409, "order-already-paid");
    }

    [Fact]
    public async Task A_request_that_never_arrived_is_made_up_for()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        await app.Stripe.Switch(new { failNextRequests = EveryTry });
        await (await app.Pay(order, paymentId)).Refused(503, "processor-unavailable");
        Assert.Empty(await app.MovementsOf(order));

        await app.Until(() => Task.FromResult(app.Bus.Messages<PaymentSucceeded>().Any(message => message.PaymentId == paymentId)));

        Assert.Equal(["charge"], await app.MovementsOf(order));
    }

    [Fact]
    public async Task A_closed_order_is_not_charged_by_making_up_for_a_lost_request()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        await app.Stripe.Switch(new { failNextRequests = EveryTry });
        await (await app.Pay(order, paymentId)).Refused(503, "processor-unavailable");
        await app.Close(order);

        await app.Until(() => Task.FromResult(app.Bus.Messages<PaymentFailed>().Any(message => message.PaymentId == paymentId)));

        Assert.Equal("cancelled", (await app.PaymentOf(order, paymentId)).Status());
        Assert.Empty(await app.MovementsOf(order));
    }

    [Fact]
    public async Task A_charge_for_an_order_that_closed_meanwhile_is_found_and_told()
    {
        // Stripe is asked for payments since a time, so both must have the same.
        await using var own = new PaymentsApp(hearsWebhooks: false);
        var order = await own.Placed();
        var paymentId = Guid.CreateVersion7();
        await own.Stripe.Switch(new { loseNextAnswers = EveryTry });
        await (await own.Pay(order, paymentId)).Refused(503, "processor-unavailable");

        await own.Close(order);

        await own.Bus.Expect<PaymentSucceeded>(message => message.PaymentId == paymentId);
        Assert.Equal(["charge"], await own.MovementsOf(order));
    }

    [Fact]
    public async Task A_bank_that_takes_its_time_is_asked_again()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        await app.Stripe.Switch(new { settleAfterMs = 200 });
        Assert.Equal("processing", (await (await app.Pay(order, paymentId)).Is(200)).Status());

        await app.Until(() => Task.FromResult(app.Bus.Messages<PaymentSucceeded>().Any(message => message.PaymentId == paymentId)));

        Assert.Equal(["charge"], await app.MovementsOf(order));
    }

    [Fact]
    public async Task What_happened_at_the_banks_page_is_found_without_a_webhook()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        var payment = await (await app.Pay(order, paymentId, "pm_card_threeDSecure2Required")).Is(200);
        await app.AtTheBank(payment, "complete");

        await app.Until(() => Task.FromResult(app.Bus.Messages<PaymentSucceeded>().Any(message => message.PaymentId == paymentId)));

        Assert.Equal(["charge"], await app.MovementsOf(order));
    }

    [Fact]
    public async Task A_crash_after_the_place_was_taken_does_not_block_the_order()
    {
        var order = await app.Placed();
        var crashed = Guid.CreateVersion7();
        await app.TakePlace(order, crashed);
        await (await app.Pay(order)).Refused(409, "payment-in-progress");

        await app.Until(async () => (int)(await app.Pay(order)).StatusCode == 200);

        Assert.Equal(["charge"], await app.MovementsOf(order));
        await (await app.Pay(order, crashed)).Refused(409, "payment-id-taken");
    }

    [Fact]
    public async Task The_app_that_crashed_in_between_finishes_with_the_same_request()
    {
        var order = await app.Placed();
        var crashed = Guid.CreateVersion7();
        await app.TakePlace(order, crashed);

        Assert.Equal("succeeded", (await (await app.Pay(order, crashed)).Is(200)).Status());
        Assert.Equal(["charge"], await app.MovementsOf(order));
    }

    [Fact]
    public async Task A_crash_after_the_outcome_was_stored_does_not_block_the_order()
    {
        var order = await app.Placed();
        var failed = Guid.CreateVersion7();
        await (await app.Pay(order, failed, "pm_card_chargeDeclined")).Is(200);
        await app.TakePlace(order, failed, again: true);

        Assert.Equal("succeeded", (await (await app.Pay(order)).Is(200)).Status());
    }
}
