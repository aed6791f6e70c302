using EventFly.Payments.Processor;
using EventFly.StripeSimulator.Tests;
using EventFly.Testing;
using static EventFly.Payments.Tests.Processor.ProcessorUnderTest;

namespace EventFly.Payments.Tests.Processor;

public sealed class StripePaymentProcessorTests : IDisposable
{
    private readonly SimulatorApp simulator = new();
    private readonly ProcessorUnderTest underTest;

    public StripePaymentProcessorTests() => underTest = new ProcessorUnderTest(simulator.Address);

    private IPaymentProcessor Processor => underTest.Processor;

    public void Dispose()
    {
        underTest.Dispose();
        simulator.Dispose();
    }

    [Fact]
    public async Task A_good_card_pays_and_the_payment_knows_what_it_is_for()
    {
        var payment = Payment();
        var result = await Processor.CreatePayment(payment, "a-1", default);

        var paid = result.Payment!;
        Assert.Equal(new PaymentOutcome.Succeeded(paid.ChargeId!), result.Outcome);
        Assert.Equal((2_500, 2_500, 0, "eur"), (paid.Amount, paid.AmountReceived, paid.AmountRefunded, paid.Currency));
        Assert.Equal(payment.Reference, paid.Reference);
        Assert.Equal(new PaymentCard("visa", "4242"), paid.Card);
        Assert.Equal(result, await Processor.FetchPayment(paid.Id, default));
    }

    [Theory]
    [InlineData("pm_card_chargeDeclined", "card_declined", "generic_decline")]
    [InlineData("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds")]
    [InlineData("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card")]
    public async Task A_declined_card_says_why_and_another_card_may_pay_the_same_payment(string method, string code, string declineCode)
    {
        var declined = await Processor.CreatePayment(Payment(method), "a-1", default);
        var outcome = Assert.IsType<PaymentOutcome.Declined>(declined.Outcome);
        Assert.Equal((code, declineCode), (outcome.Code, outcome.DeclineCode));
        Assert.NotEmpty(outcome.Message);
        Assert.Equal(0, declined.Payment!.AmountReceived);
        Assert.Equal(declined.Outcome, (await Processor.FetchPayment(declined.Payment.Id, default)).Outcome);

        var paid = await Processor.ConfirmPayment(declined.Payment.Id, "pm_card_visa", new Uri("https://shop.example/back"), "a-2", default);
        Assert.IsType<PaymentOutcome.Succeeded>(paid.Outcome);
        Assert.Equal(declined.Payment.Id, paid.Payment!.Id);
    }

    [Theory]
    [InlineData("complete", typeof(PaymentOutcome.Succeeded))]
    [InlineData("fail", typeof(PaymentOutcome.Declined))]
    public async Task A_bank_may_want_the_buyer_to_authenticate(string verdict, Type outcome)
    {
        var waiting = await Processor.CreatePayment(Payment("pm_card_threeDSecure2Required"), "a-1", default);
        var action = Assert.IsType<PaymentOutcome.RequiresAction>(waiting.Outcome);
        Assert.StartsWith(waiting.Payment!.Id + "_secret_", action.ClientSecret, StringComparison.Ordinal);

        using var buyer = simulator.NewClient();
        using var decided = await buyer.PostAsync(
            new Uri($"{action.Url!.GetLeftPart(UriPartial.Path)}/{verdict}{action.Url.Query}"), null);

        Assert.StartsWith("https://shop.example/back?", decided.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        Assert.IsType(outcome, (await Processor.FetchPayment(waiting.Payment.Id, default)).Outcome);
    }

    [Fact]
    public async Task Without_a_card_the_browser_goes_on()
    {
        var open = await Processor.CreatePayment(Payment(method: null), "a-1", default);
        Assert.StartsWith(
            open.Payment!.Id + "_secret_", Assert.IsType<PaymentOutcome.RequiresPaymentMethod>(open.Outcome).ClientSecret, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_payment_may_take_its_time()
    {
        await simulator.Switch(new { settleAfterMs = 100 });
        var slow = await Processor.CreatePayment(Payment(), "a-1", default);
        Assert.IsType<PaymentOutcome.Processing>(slow.Outcome);
        await Eventually.True(async () => (await Processor.FetchPayment(slow.Payment!.Id, default)).Outcome is PaymentOutcome.Succeeded);
    }

    [Fact]
    public async Task What_Stripe_does_not_take_is_rejected_with_its_words()
    {
        var tooSmall = Assert.IsType<PaymentOutcome.Rejected>((await Processor.CreatePayment(Payment(amount: 1), "a-1", default)).Outcome);
        Assert.Equal(("amount_too_small", "amount"), (tooSmall.Code, tooSmall.Parameter));
        var unknown = Assert.IsType<PaymentOutcome.Rejected>((await Processor.FetchPayment("pi_nobody/../x", default)).Outcome);
        Assert.Equal("resource_missing", unknown.Code);
        var fraction = await Processor.CreatePayment(Payment(amount: 150, currency: "mga"), "a-2", default);
        Assert.Equal("amount_not_representable", Assert.IsType<PaymentOutcome.Rejected>(fraction.Outcome).Code);
    }

    [Theory]
    [InlineData("jpy", 2_500, 2_500)]
    [InlineData("isk", 2_500, 250_000)]
    public async Task Amounts_reach_Stripe_in_its_units_and_come_back_in_ours(string currency, long ours, long stripes)
    {
        var paid = await Processor.CreatePayment(Payment(amount: ours, currency: currency), "a-1", default);
        Assert.Equal((ours, ours), (paid.Payment!.Amount, paid.Payment.AmountReceived));
        Assert.Equal(stripes, (await simulator.Get($"/v1/payment_intents/{paid.Payment.Id}")).Number("amount"));
    }

    [Fact]
    public async Task The_same_attempt_charges_once_and_cannot_become_another_one()
    {
        var payment = Payment();
        var first = await Processor.CreatePayment(payment, "a-1", default);
        Assert.Equal(first, await Processor.CreatePayment(payment, "a-1", default));
        await Assert.ThrowsAsync<PaymentProcessorException>(() => Processor.CreatePayment(payment with { Amount = 9_999 }, "a-1", default));
        Assert.Equal(1, await Movements());
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_again_with_the_same_key_and_charges_once()
    {
        await simulator.Switch(new { loseNextAnswers = 2 });
        var paid = await Processor.CreatePayment(Payment(), "a-1", default);
        Assert.IsType<PaymentOutcome.Succeeded>(paid.Outcome);
        Assert.Equal(1, await Movements());
    }

    [Fact]
    public async Task A_lost_refund_answer_refunds_once()
    {
        var paid = await Processor.CreatePayment(Payment(), "a-1", default);
        await simulator.Switch(new { loseNextAnswers = 1 });
        var refund = await Processor.Refund(new NewRefund(paid.Payment!.Id, Guid.CreateVersion7(), "eur", 1_000), "a-2", default);
        Assert.IsType<RefundOutcome.Succeeded>(refund.Outcome);
        Assert.Equal(1_000, (await Processor.FetchPayment(paid.Payment.Id, default)).Payment!.AmountRefunded);
    }

    [Fact]
    public async Task When_every_answer_is_lost_the_caller_may_come_back_later_with_the_same_key()
    {
        await simulator.Switch(new { loseNextAnswers = 3 });
        var payment = Payment();
        await Assert.ThrowsAsync<PaymentProcessorUnavailableException>(() => Processor.CreatePayment(payment, "a-1", default));
        Assert.IsType<PaymentOutcome.Succeeded>((await Processor.CreatePayment(payment, "a-1", default)).Outcome);
        Assert.Equal(1, await Movements());
    }

    [Fact]
    public async Task Cancelling_ends_what_is_open_and_tells_of_what_is_paid()
    {
        var open = await Processor.CreatePayment(Payment("pm_card_threeDSecure2Required"), "a-1", default);
        var cancelled = await Processor.CancelPayment(open.Payment!.Id, "a-2", default);
        Assert.Equal(new PaymentOutcome.Canceled("abandoned"), cancelled.Outcome);
        Assert.IsType<PaymentOutcome.Canceled>((await Processor.CancelPayment(open.Payment.Id, "a-3", default)).Outcome);

        var paid = await Processor.CreatePayment(Payment(), "a-4", default);
        Assert.IsType<PaymentOutcome.Succeeded>((await Processor.CancelPayment(paid.Payment!.Id, "a-5", default)).Outcome);
    }

    [Fact]
    public async Task Money_goes_back_in_parts_but_never_more_than_was_paid()
    {
        var payment = Payment();
        var paid = (await Processor.CreatePayment(payment, "a-1", default)).Payment!;
        var part = new NewRefund(paid.Id, Guid.CreateVersion7(), "eur", 1_000, Reference: payment.Reference);
        var first = await Processor.Refund(part, "a-2", default);
        Assert.Equal(first, await Processor.Refund(part, "a-2", default));
        Assert.Equal((1_000, part.RefundId, paid.Id), (first.Refund!.Amount, first.Refund.RefundId, first.Refund.PaymentId));
        Assert.Equal(first, await Processor.FetchRefund(first.Refund.Id, default));

        var tooMuch = await Processor.Refund(new NewRefund(paid.Id, Guid.CreateVersion7(), "eur", 1_501), "a-3", default);
        Assert.Equal("amount", Assert.IsType<RefundOutcome.Rejected>(tooMuch.Outcome).Parameter);
        var rest = await Processor.Refund(new NewRefund(paid.Id, Guid.CreateVersion7(), "eur"), "a-4", default);
        Assert.Equal(1_500, rest.Refund!.Amount);
        var again = await Processor.Refund(new NewRefund(paid.Id, Guid.CreateVersion7(), "eur"), "a-5", default);
        Assert.Equal("charge_already_refunded", Assert.IsType<RefundOutcome.Rejected>(again.Outcome).Code);
        Assert.Equal(2_500, (await Processor.FetchPayment(paid.Id, default)).Payment!.AmountRefunded);
    }

    [Fact]
    public async Task A_refund_may_be_on_its_way_and_may_fail_after_all()
    {
        var slow = (await Processor.CreatePayment(Payment("pm_card_pendingRefund"), "a-1", default)).Payment!;
        var failing = (await Processor.CreatePayment(Payment("pm_card_refundFail"), "a-2", default)).Payment!;
        var pending = await Processor.Refund(new NewRefund(slow.Id, Guid.CreateVersion7(), "eur"), "a-3", default);
        Assert.IsType<RefundOutcome.Pending>(pending.Outcome);
        var failed = await Processor.Refund(new NewRefund(failing.Id, Guid.CreateVersion7(), "eur"), "a-4", default);

        await Eventually.True(async () => (await Processor.FetchRefund(pending.Refund!.Id, default)).Outcome is RefundOutcome.Succeeded);
        await Eventually.True(async () => (await Processor.FetchRefund(failed.Refund!.Id, default)).Outcome is RefundOutcome.Failed { Reason: not null });
    }

    [Theory]
    [InlineData("pm_card_visa", typeof(PaymentDetailsResult.Valid))]
    [InlineData("pm_card_authenticationRequired", typeof(PaymentDetailsResult.RequiresAuthentication))]
    [InlineData("pm_card_chargeDeclined", typeof(PaymentDetailsResult.Invalid))]
    [InlineData("pm_nobody", typeof(PaymentDetailsResult.Invalid))]
    public async Task Payment_details_are_validated_without_taking_money(string method, Type result)
    {
        Assert.IsType(result, await Processor.ValidatePaymentDetails(method, "a-1", default));
        Assert.Equal(0, await Movements());
    }

    [Fact]
    public async Task Everything_since_a_time_can_be_listed_page_by_page()
    {
        var since = DateTimeOffset.FromUnixTimeSeconds(1_000_000_000);
        var made = new List<string>();
        for (var i = 0; i < 105; i++) made.Insert(0, (await Processor.CreatePayment(Payment(), $"a-{i}", default)).Payment!.Id);
        var refund = (await Processor.Refund(new NewRefund(made[0], Guid.CreateVersion7(), "eur"), "r-1", default)).Refund!;

        var first = await Processor.ListPayments(since, null, default);
        Assert.Equal(100, first.Items.Count);
        var second = await Processor.ListPayments(since, first.Cursor, default);
        Assert.Null(second.Cursor);
        Assert.Equal(made, first.Items.Concat(second.Items).Select(payment => payment.Id));
        Assert.All(first.Items, payment => Assert.NotNull(payment.AmountRefunded));
        Assert.Empty((await Processor.ListPayments(DateTimeOffset.FromUnixTimeSeconds(9_999_999_999), null, default)).Items);

        Assert.Equal([refund], (await Processor.ListRefunds(since, null, default)).Items);
        var events = await Processor.ListEvents(since, null, default);
        Assert.Equal(["refund.created", "charge.refunded"], events.Items.Take(2).Select(happened => happened.Type).OrderDescending());
        Assert.NotNull(events.Cursor);
    }

    private async Task<long> Movements() => (await simulator.Get("/_simulator/ledger")).Number("total");
}
