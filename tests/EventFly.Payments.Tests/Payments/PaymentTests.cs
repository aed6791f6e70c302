using EventFly.BuildingBlocks.Decisions;
using EventFly.Payments.Payments;

namespace EventFly.Payments.Tests.Payments;

public sealed class PaymentTests
{
    private const string Pi = "pi_1";

    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly PaymentStarted Started = new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), 2_500, "EUR", "pm_1",
        new Uri("https://shop.example/back"), Now);

    private static readonly PaymentSucceeded Paid = new(Pi, "ch_1", 2_500, "EUR");

    private static readonly Guid Refund = Guid.CreateVersion7();

    [Fact]
    public void The_same_start_later_is_the_same_start() =>
        Assert.Empty(Given(Started).Begin(Started with { At = Now.AddHours(1) }).Happened());

    [Fact]
    public void Another_card_is_another_payment() =>
        Assert.Equal("payment-id-taken", Given(Started).Begin(Started with { PaymentMethodId = "pm_2" }).Refusal?.Code);

    [Fact]
    public void What_was_forestalled_never_begins()
    {
        var forestalled = Given(new PaymentCancelled(null, "never-started"));

        Assert.Equal("payment-id-taken", forestalled.Begin(Started).Refusal?.Code);
        Assert.Empty(Given(Started).Forestall().Happened());
    }

    [Fact]
    public void Money_that_came_wins_over_every_other_outcome()
    {
        PaymentEvent[][] before =
        [
            [Started], [Started, new PaymentRequiresAction(Pi, null)], [Started, new PaymentProcessing(Pi)],
            [Started, new PaymentFailed(Pi, "card_declined", "")], [Started, new PaymentCancelled(Pi, "abandoned")],
        ];

        foreach (var history in before) Assert.Equal([Paid], Given(history).Succeed(Pi, "ch_1", 2_500, "EUR").Happened());
        Assert.Empty(Given(Started, Paid).Succeed(Pi, "ch_1", 2_500, "EUR").Happened());
    }

    [Fact]
    public void After_the_money_came_nothing_undoes_it()
    {
        var paid = Given(Started, Paid);

        Assert.Empty(paid.Fail(Pi, "card_declined", "").Happened());
        Assert.Empty(paid.Cancel(Pi, "abandoned").Happened());
        Assert.Empty(paid.RequireAction(Pi, null).Happened());
        Assert.Empty(paid.Process(Pi).Happened());
    }

    [Fact]
    public void An_attempt_only_goes_forward()
    {
        Assert.Empty(Given(Started, new PaymentProcessing(Pi)).RequireAction(Pi, new Uri("https://bank.example")).Happened());
        Assert.Empty(Given(Started, new PaymentFailed(Pi, "x", "")).Process(Pi).Happened());
        Assert.Empty(Given(Started, new PaymentFailed(Pi, "x", "")).Cancel(Pi, "abandoned").Happened());
    }

    [Fact]
    public void An_event_of_the_processor_is_remembered_with_its_effect_and_takes_effect_once()
    {
        var taken = new ProcessorEventTaken("evt_1", "charge.dispute.created", Now);
        var seen = new DisputeSeen("dp_1", "ch_1", 2_500, "fraudulent", "needs_response");

        Assert.Equal([seen, taken], Given(Started, Paid).Take(taken, payment => payment.SeeDispute(seen)).Happened());
        Assert.Empty(Given(Started, Paid, seen, taken).Take(taken, _ => new DisputeSeen("dp_1", "ch_1", 2_500, "fraudulent", "lost")).Happened());
    }

    [Fact]
    public void An_event_without_an_effect_is_not_remembered() => Assert.Empty(
        Given(Started, Paid).Take(new ProcessorEventTaken("evt_1", "payment_intent.succeeded", Now), payment => payment.Succeed(Pi, "ch_1", 2_500, "EUR")).Happened());

    [Fact]
    public void Refunds_never_exceed_what_came_in()
    {
        var half = new RefundStarted(Guid.CreateVersion7(), 1_500, "requested", Now);
        var payment = Given(Started, Paid, half);

        Assert.Equal(
            [new RefundStarted(Refund, 1_001, "requested", Now), new RefundFailed(Refund, null, "refund-exceeds-payment")],
            payment.StartRefund(Refund, 1_001, "EUR", "requested", Now).Happened());
        Assert.Equal([new RefundStarted(Refund, 1_000, "requested", Now)], payment.StartRefund(Refund, 1_000, "EUR", "requested", Now).Happened());
    }

    [Fact]
    public void Money_that_went_back_outside_is_not_there_to_go_back_again()
    {
        var payment = Given(Started, Paid, new OutsideRefundSeen("re_x", 2_000, RefundStatus.Succeeded));

        Assert.Equal(500, payment.Refundable);
        Assert.Equal(2_000, payment.Refunded);
    }

    [Fact]
    public void A_refund_that_failed_may_be_asked_for_anew()
    {
        var payment = Given(Started, Paid, new RefundStarted(Guid.CreateVersion7(), 2_500, "requested", Now));
        payment = Payment.Evolve(payment, new RefundFailed(payment.Refunds[0].RefundId, "re_1", "expired_or_canceled_card"));

        Assert.Equal([new RefundStarted(Refund, 2_500, "requested", Now)], payment.StartRefund(Refund, 2_500, "EUR", "requested", Now).Happened());
    }

    [Fact]
    public void A_refund_waits_for_the_money()
    {
        Assert.Equal("not-paid", Given(Started).StartRefund(Refund, 100, "EUR", "requested", Now).Refusal?.Code);
        Assert.Equal("not-paid", Payment.Initial.StartRefund(Refund, 100, "EUR", "requested", Now).Refusal?.Code);
    }

    [Theory]
    [InlineData(0, "EUR")]
    [InlineData(-5, "EUR")]
    [InlineData(100, "USD")]
    public void A_refund_that_makes_no_sense_fails_at_once(long amount, string currency) =>
        Assert.IsType<RefundFailed>(Given(Started, Paid).StartRefund(Refund, amount, currency, "requested", Now).Happened()[^1]);

    [Fact]
    public void A_refund_may_come_back_after_it_had_gone_and_then_stays_failed()
    {
        var gone = Given(Started, Paid, new RefundStarted(Refund, 2_500, "requested", Now), new RefundSucceeded(Refund, "re_1", 2_500));
        var back = new RefundFailed(Refund, "re_1", "expired_or_canceled_card");

        Assert.Equal([back], gone.FailRefund(Refund, "re_1", "expired_or_canceled_card").Happened());
        Assert.Empty(Payment.Evolve(gone, back).SucceedRefund(Refund, "re_1").Happened());
        Assert.Equal(0, Payment.Evolve(gone, back).Refunded);
    }

    [Fact]
    public void The_same_refund_asked_for_again_is_the_same_refund() => Assert.Empty(
        Given(Started, Paid, new RefundStarted(Refund, 500, "requested", Now)).StartRefund(Refund, 500, "EUR", "requested", Now.AddHours(1)).Happened());

    [Fact]
    public void A_dispute_that_is_decided_stays_decided()
    {
        var won = new DisputeSeen("dp_1", "ch_1", 2_500, "fraudulent", "won");

        Assert.Empty(Given(Started, Paid, won).SeeDispute(won with { Status = "needs_response" }).Happened());
        Assert.Equal([won], Given(Started, Paid, won with { Status = "needs_response" }).SeeDispute(won).Happened());
    }

    private static Payment Given(params PaymentEvent[] history) => history.Aggregate(Payment.Initial, Payment.Evolve);
}

internal static class Decided
{
    public static IReadOnlyList<PaymentEvent> Happened(this Decision<PaymentEvent> decision)
    {
        Assert.Null(decision.Refusal);
        return decision.Events;
    }
}
