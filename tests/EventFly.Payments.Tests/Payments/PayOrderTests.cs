using EventFly.Contracts.Payments;
using EventFly.Testing;

namespace EventFly.Payments.Tests.Payments;

public sealed class PayOrderTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    [Fact]
    public async Task A_good_card_pays_the_order_and_everybody_hears_of_it()
    {
        var order = await app.Placed(amount: 4_200);
        var paymentId = Guid.CreateVersion7();

        var payment = await (await app.Pay(order, paymentId)).Is(200);

        Assert.Equal("succeeded", payment.Status());
        Assert.Equal(4_200, payment.GetProperty("amount").GetInt64());
        Assert.Equal("EUR", payment.GetProperty("currency").GetString());
        var told = await app.Bus.Expect<PaymentSucceeded>(message => message.PaymentId == paymentId);
        Assert.Equal(
            new PaymentSucceeded(paymentId, order.Id, order.Message.EventId, order.Message.OrganizationId, 4_200, "EUR"), told);
        Assert.Equal(["charge"], await app.MovementsOf(order));
    }

    [Theory]
    [InlineData("pm_card_chargeDeclined", "card_declined")]
    [InlineData("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds")]
    [InlineData("pm_card_chargeDeclinedStolenCard", "card_declined")]
    [InlineData("pm_card_nobody_knows", "resource_missing")]
    public async Task A_card_that_is_not_taken_says_why_and_the_next_attempt_may_pay(string method, string code)
    {
        var order = await app.Placed();
        var declined = Guid.CreateVersion7();

        var payment = await (await app.Pay(order, declined, method)).Is(200);

        Assert.Equal("failed", payment.Status());
        Assert.Equal(code, payment.GetProperty("code").GetString());
        Assert.NotEmpty(payment.GetProperty("message").GetString()!);
        Assert.Equal(code, (await app.Bus.Expect<PaymentFailed>(message => message.PaymentId == declined)).Code);
        Assert.Empty(await app.MovementsOf(order));

        Assert.Equal("succeeded", (await (await app.Pay(order)).Is(200)).Status());
        Assert.Equal(["charge"], await app.MovementsOf(order));
    }

    [Fact]
    public async Task The_same_request_again_is_answered_the_same_and_charges_nothing_again()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();

        var first = await (await app.Pay(order, paymentId)).Is(200);
        var second = await (await app.Pay(order, paymentId)).Is(200);

        Assert.Equal(first.GetRawText(), second.GetRawText());
        Assert.Equal(["charge"], await app.MovementsOf(order));
    }

    [Fact]
    public async Task A_failed_attempt_stays_failed_however_often_it_is_sent()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();

        var first = await (await app.Pay(order, paymentId, "pm_card_chargeDeclined")).Is(200);
        var second = await (await app.Pay(order, paymentId, "pm_card_chargeDeclined")).Is(200);

        Assert.Equal(first.GetRawText(), second.GetRawText());
        Assert.Single(app.Bus.Messages<PaymentFailed>(), message => message.PaymentId == paymentId);
    }

    [Fact]
    public async Task A_payment_id_belongs_to_one_request()
    {
        var order = await app.Placed();
        var other = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        await (await app.Pay(order, paymentId)).Is(200);

        await (await app.Pay(order, paymentId, "pm_card_mastercard")).Refused(409, "payment-id-taken");
        await (await app.Pay(order, paymentId, returnUrl: "https://shop.example/elsewhere")).Refused(409, "payment-id-taken");
        await (await app.Pay(other, paymentId)).Refused(409, "payment-id-taken");
        Assert.Empty(await app.MovementsOf(other));
    }

    [Fact]
    public async Task A_paid_order_is_not_paid_again()
    {
        var order = await app.Placed();
        await (await app.Pay(order)).Is(200);

        await (await app.Pay(order)).Refused(409, "order-already-paid");
        Assert.Equal(["charge"], await app.MovementsOf(order));
    }

    [Fact]
    public async Task An_attempt_at_the_bank_keeps_others_out_until_it_is_over()
    {
        var order = await app.Placed();
        var waiting = Guid.CreateVersion7();
        var payment = await (await app.Pay(order, waiting, "pm_card_threeDSecure2Required")).Is(200);
        Assert.Equal("requiresAction", payment.Status());

        await (await app.Pay(order)).Refused(409, "payment-in-progress");

        await app.AtTheBank(payment, "fail");
        await app.Bus.Expect<PaymentFailed>(message => message.PaymentId == waiting);
        Assert.Equal("failed", (await app.PaymentOf(order, waiting)).Status());
        Assert.Equal("succeeded", (await (await app.Pay(order)).Is(200)).Status());
        Assert.Equal(["charge"], await app.MovementsOf(order));
    }

    [Fact]
    public async Task A_buyer_who_completes_the_banks_page_has_paid()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        var payment = await (await app.Pay(order, paymentId, "pm_card_threeDSecure2Required")).Is(200);

        await app.AtTheBank(payment, "complete");

        await app.Bus.Expect<PaymentSucceeded>(message => message.PaymentId == paymentId);
        Assert.Equal("succeeded", (await (await app.Pay(order, paymentId, "pm_card_threeDSecure2Required")).Is(200)).Status());
        Assert.Equal(["charge"], await app.MovementsOf(order));
    }

    [Fact]
    public async Task A_buyer_who_leaves_the_banks_page_may_cancel_and_pay_another_way()
    {
        var order = await app.Placed();
        var waiting = Guid.CreateVersion7();
        var payment = await (await app.Pay(order, waiting, "pm_card_threeDSecure2Required")).Is(200);
        using var buyer = app.Buyer(order);

        var cancelled = await (await buyer.PostAsync($"/api/payments/payments/{waiting}/cancellation", null)).Is(200);

        Assert.Equal("cancelled", cancelled.Status());
        Assert.Equal("succeeded", (await (await app.Pay(order)).Is(200)).Status());
        using var browser = app.Stripe.NewClient();
        using var tooLate = await browser.PostAsync(new Uri(payment.GetProperty("actionUrl").GetString()!.Replace("?", "/complete?", StringComparison.Ordinal)), null);
        Assert.Equal(410, (int)tooLate.StatusCode);
        Assert.Equal(["charge"], await app.MovementsOf(order));
    }

    [Fact]
    public async Task An_order_that_nobody_placed_or_somebody_else_did_is_not_found()
    {
        await (await app.Pay(app.NewOrder())).Refused(404, "order-not-found");

        var order = await app.Placed();
        using var stranger = app.CreateClient(TestUser.Participant());
        await (await app.Pay(order, client: stranger)).Refused(404, "order-not-found");
        Assert.Empty(await app.MovementsOf(order));
    }

    [Fact]
    public async Task An_order_whose_time_is_up_is_not_paid()
    {
        var order = await app.Placed(order: new(app.NewOrder().Message with { PayBy = app.Clock.Now }));

        await (await app.Pay(order)).Refused(409, "order-closed");
    }

    [Fact]
    public async Task An_order_that_costs_nothing_is_not_paid()
    {
        await (await app.Pay(await app.Placed(amount: 0))).Refused(409, "nothing-to-pay");
    }

    [Fact]
    public async Task An_order_is_not_tried_for_ever()
    {
        var order = await app.Placed();
        for (var time = 0; time < 20; time++) await (await app.Pay(order, method: "pm_card_chargeDeclined")).Is(200);

        await (await app.Pay(order)).Refused(409, "too-many-attempts");
    }

    [Fact]
    public async Task Fifty_requests_for_one_payment_at_once_charge_once()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        using var buyer = app.Buyer(order);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.Pay(order, paymentId, client: buyer)));

        foreach (var answer in answers) Assert.Equal("succeeded", (await answer.Is(200)).Status());
        Assert.Equal(["charge"], await app.MovementsOf(order));
        Assert.Single(app.Bus.Messages<PaymentSucceeded>(), message => message.PaymentId == paymentId);
    }

    [Fact]
    public async Task Twenty_attempts_on_one_order_at_once_charge_once()
    {
        var order = await app.Placed();
        using var buyer = app.Buyer(order);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.Pay(order, client: buyer)));

        Assert.Single(answers, answer => (int)answer.StatusCode == 200);
        foreach (var answer in answers.Where(answer => (int)answer.StatusCode != 200))
        {
            Assert.Contains((await answer.Is(409)).GetProperty("code").GetString(), (string[])["payment-in-progress", "order-already-paid"]);
        }

        Assert.Equal(["charge"], await app.MovementsOf(order));
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("/back")]
    [InlineData("not an address")]
    public async Task A_page_to_come_back_to_must_be_a_web_address(string returnUrl)
    {
        var problem = await (await app.Pay(await app.Placed(), returnUrl: returnUrl)).Refused(400, "return-url-malformed");
        Assert.True(problem.GetProperty("errors").TryGetProperty("returnUrl", out _));
    }

    [Fact]
    public async Task A_card_number_is_no_payment_method()
    {
        await (await app.Pay(await app.Placed(), method: "4242 4242 4242 4242")).Refused(400, "validation");
    }
}
