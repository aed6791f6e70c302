using EventFly.Contracts.Payments;
using EventFly.Testing;
using RefundStatus = EventFly.Payments.Payments.RefundStatus;

namespace EventFly.Payments.Tests.Refunds;

public sealed class RefundTests : IAsyncDisposable
{
    private const int EveryTry = 3;

    private readonly PaymentsApp app = new();
    private readonly Guid paymentId = Guid.CreateVersion7();
    private readonly Guid refundId = Guid.CreateVersion7();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Money_that_is_asked_back_goes_back_once()
    {
        var order = await Paid();

        await app.AskBack(order, paymentId, refundId);
        await app.AskBack(order, paymentId, refundId);

        var told = await app.Bus.Expect<RefundSucceeded>(message => message.RefundId == refundId);
        Assert.Equal(new RefundSucceeded(refundId, paymentId, order.Id, 2_500, "EUR"), told);
        Assert.Equal(["charge", "refund"], await app.Movements(paymentId));
        Assert.Single(app.Bus.Messages<RefundSucceeded>());
        Assert.Empty(await app.PendingRefunds());
    }

    [Fact]
    public async Task The_buyer_sees_what_went_back()
    {
        var order = await Paid();
        await app.AskBack(order, paymentId, refundId, 1_000);

        var payment = await app.PaymentOf(order, paymentId);

        Assert.Equal("succeeded", payment.Status());
        Assert.Equal(1_000, payment.GetProperty("refundedAmount").GetInt64());
        var refund = Assert.Single(payment.GetProperty("refunds").EnumerateArray());
        Assert.Equal((refundId, "succeeded", 1_000), (refund.GetProperty("refundId").GetGuid(), refund.Status(), refund.GetProperty("amount").GetInt64()));
    }

    [Fact]
    public async Task Several_refunds_never_give_back_more_than_came_in()
    {
        var order = await Paid();
        var tooMuch = Guid.CreateVersion7();

        await app.AskBack(order, paymentId, refundId, 1_500);
        await app.AskBack(order, paymentId, tooMuch, 1_001);
        await app.AskBack(order, paymentId, Guid.CreateVersion7(), 1_000);

        Assert.Equal("refund-exceeds-payment", (await app.Bus.Expect<RefundFailed>(message => message.RefundId == tooMuch)).Code);
        Assert.Equal(["charge", "refund", "refund"], await app.Movements(paymentId));
        Assert.Equal(2_500, (await app.Stream(paymentId)).Refunded);
    }

    [Fact]
    public async Task A_refund_whose_answer_is_lost_is_made_once()
    {
        await using var deaf = new PaymentsApp(hearsWebhooks: false);
        var order = await deaf.Placed();
        await (await deaf.Pay(order, paymentId)).Is(200);
        await deaf.Stripe.Switch(new { loseNextAnswers = EveryTry });

        await deaf.AskBack(order, paymentId, refundId);
        Assert.Equal("started", (await deaf.PaymentOf(order, paymentId)).GetProperty("refunds")[0].Status());
        Assert.Single(await deaf.PendingRefunds());

        await deaf.Until(() => Task.FromResult(deaf.Bus.Messages<RefundSucceeded>().Count == 1));
        Assert.Equal(["charge", "refund"], await deaf.Movements(paymentId));
        await Eventually.True(async () => (await deaf.PendingRefunds()).Count == 0);
    }

    [Fact]
    public async Task A_refund_that_stripe_could_not_take_is_made_later()
    {
        var order = await Paid();
        await app.Stripe.Switch(new { failNextRequests = EveryTry });
        await app.AskBack(order, paymentId, refundId);
        Assert.Equal(["charge"], await app.Movements(paymentId));

        await app.Until(() => Task.FromResult(app.Bus.Messages<RefundSucceeded>().Count == 1));

        Assert.Equal(["charge", "refund"], await app.Movements(paymentId));
    }

    [Fact]
    public async Task A_refund_that_was_only_noted_before_the_crash_is_made()
    {
        var order = await Paid();
        await app.Note(order, paymentId, refundId);

        await app.Until(() => Task.FromResult(app.Bus.Messages<RefundSucceeded>().Count == 1));

        Assert.Equal(["charge", "refund"], await app.Movements(paymentId));
    }

    [Fact]
    public async Task A_refund_that_was_made_before_the_crash_is_not_made_again()
    {
        var order = await Paid();
        await app.AskBack(order, paymentId, refundId);
        await app.Note(order, paymentId, refundId);

        await app.Until(async () => (await app.PendingRefunds()).Count == 0);

        Assert.Equal(["charge", "refund"], await app.Movements(paymentId));
        Assert.Single(app.Bus.Messages<RefundSucceeded>());
    }

    [Fact]
    public async Task A_refund_that_comes_before_the_money_waits_for_it()
    {
        var order = await app.Placed();
        var payment = await (await app.Pay(order, paymentId, "pm_card_threeDSecure2Required")).Is(200);
        await app.AskBack(order, paymentId, refundId);
        Assert.Single(await app.PendingRefunds());

        await app.AtTheBank(payment, "complete");

        await app.Until(() => Task.FromResult(app.Bus.Messages<RefundSucceeded>().Count == 1));
        Assert.Equal(["charge", "refund"], await app.Movements(paymentId));
    }

    [Fact]
    public async Task A_refund_that_takes_its_time_succeeds_by_webhook()
    {
        var order = await Paid("pm_card_pendingRefund");

        await app.AskBack(order, paymentId, refundId);

        await app.Bus.Expect<RefundSucceeded>(message => message.RefundId == refundId);
        Assert.Equal(["charge", "refund"], await app.Movements(paymentId));
        await Eventually.True(async () => (await app.PendingRefunds()).Count == 0);
    }

    [Fact]
    public async Task A_refund_that_the_bank_sends_back_is_told_as_failed()
    {
        var order = await Paid("pm_card_refundFail");

        await app.AskBack(order, paymentId, refundId);

        var told = await app.Bus.Expect<RefundFailed>(message => message.RefundId == refundId);
        Assert.Equal("expired_or_canceled_card", told.Code);
        Assert.Equal(0, (await app.Stream(paymentId)).Refunded);
    }

    [Fact]
    public async Task A_refund_that_somebody_makes_in_the_dashboard_is_written_down()
    {
        var order = await Paid();
        var processorId = (await app.Stream(paymentId)).ProcessorId!;

        await app.Stripe.Post("/v1/refunds", ("payment_intent", processorId), ("amount", "700"));

        await Eventually.True(async () => (await app.Stream(paymentId)).OutsideRefunds.Count == 1);
        Assert.Equal(700, (await app.PaymentOf(order, paymentId)).GetProperty("refundedAmount").GetInt64());
        Assert.Equal(RefundStatus.Succeeded, Assert.Single((await app.Stream(paymentId)).OutsideRefunds.Values).Status);
    }

    [Fact]
    public async Task A_charge_that_is_disputed_is_not_refunded_on_top()
    {
        var order = await Paid("pm_card_createDispute");

        await app.AskBack(order, paymentId, refundId);

        Assert.Equal("charge_disputed", (await app.Bus.Expect<RefundFailed>(message => message.RefundId == refundId)).Code);
    }

    private async Task<Order> Paid(string method = "pm_card_visa")
    {
        var order = await app.Placed();
        Assert.Equal("succeeded", (await (await app.Pay(order, paymentId, method)).Is(200)).Status());
        return order;
    }
}
