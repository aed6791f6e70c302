using System.Text.Json;
using EventFly.Contracts.Payments;
using EventFly.Payments.Ledger;
using EventFly.Testing;

namespace EventFly.Payments.Tests.Disputes;

public sealed class DisputeTests : IAsyncDisposable
{
    private readonly PaymentsApp app = new();
    private readonly Guid paymentId = Guid.CreateVersion7();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Theory]
    [InlineData("won", 2_500)]
    [InlineData("lost", 0)]
    public async Task A_dispute_is_told_and_its_end_too(string verdict, long left)
    {
        await app.Stripe.Switch(new { webhookDuplicate = true });
        var order = await Paid("pm_card_createDisputeProductNotReceived");
        var told = await app.Bus.Expect<PaymentDisputed>(message => message.PaymentId == paymentId);
        Assert.Equal((order.Id, 2_500, "product_not_received"), (told.OrderId, told.Amount, told.Reason));
        Assert.NotNull(told.EvidenceDueBy);

        await app.Turn($"/_simulator/disputes/{told.DisputeId}/{verdict}");

        var end = await app.Bus.Expect<DisputeClosed>(message => message.PaymentId == paymentId);
        Assert.Equal((told.DisputeId, verdict), (end.DisputeId, end.Outcome));
        await Eventually.True(async () => (await app.Ledger(paymentId)).Sum(movement => -movement.On(Accounts.Disputes)) == left - 2_500);
    }

    [Fact]
    public async Task The_organisation_sees_its_disputes_and_no_others()
    {
        var order = await Paid("pm_card_createDispute");
        var seller = TestUser.Organizer(order.Message.OrganizationId, "order.read");
        await Eventually.True(async () => (await List(seller)).Count == 1);

        var dispute = Assert.Single(await List(seller, "?closed=false"));
        Assert.Equal(
            ("needs_response", 2_500, 2_500, order.Id),
            (dispute.Status(), dispute.GetProperty("amount").GetInt64(), dispute.GetProperty("withdrawn").GetInt64(), dispute.GetProperty("orderId").GetGuid()));
        Assert.True(dispute.GetProperty("evidenceDueBy").GetDateTimeOffset() > app.Clock.Now.AddDays(6));
        Assert.Empty(await List(TestUser.Organizer(Guid.CreateVersion7(), "order.read")));
        Assert.Single(await List(PaymentsApp.Platform));

        await app.Turn($"/_simulator/disputes/{dispute.GetProperty("disputeId").GetString()}/lost");
        await Eventually.True(async () => (await List(seller, "?closed=true")).Count == 1);
    }

    [Fact]
    public async Task A_bank_that_only_asks_moves_nothing()
    {
        await Paid("pm_card_createDisputeInquiry");
        await Eventually.True(async () => (await app.Stream(paymentId)).Disputes.Count == 1);

        var dispute = (await app.Stream(paymentId)).Disputes.Single();
        await app.Turn($"/_simulator/disputes/{dispute.Key}/won");

        await Eventually.True(async () => (await app.Stream(paymentId)).Disputes.Values.Single().Status == "warning_closed");
        Assert.DoesNotContain(await app.Ledger(paymentId), movement => movement.Kind is MovementKind.Dispute or MovementKind.DisputeWon);
        Assert.Empty(app.Bus.Messages<PaymentDisputed>());
    }

    [Fact]
    public async Task A_bank_may_take_what_was_given_back_already()
    {
        var order = await Paid("pm_card_visa");
        await app.AskBack(order, paymentId, Guid.CreateVersion7());
        await Eventually.True(async () => (await app.Ledger(paymentId)).Count == 2);

        await app.Turn($"/_simulator/charges/{(await app.Stream(paymentId)).ChargeId}/dispute");

        await Eventually.True(async () => (await app.Ledger(paymentId)).Count == 3);
        Assert.Equal(-2_500, (await app.Ledger(paymentId)).Sum(movement => movement.On(Accounts.Payable) + movement.On(Accounts.PlatformFees)));
        Assert.Equal(2_500, (await app.Ledger(paymentId)).Sum(movement => movement.On(Accounts.Disputes)));
        await Eventually.True(async () => (await List(PaymentsApp.Platform)).Count == 1);
        var seen = Assert.Single(await List(PaymentsApp.Platform));
        Assert.Equal(2_500, seen.GetProperty("refunded").GetInt64());
    }

    [Fact]
    public async Task Webhooks_of_a_dispute_in_the_wrong_order_end_in_the_truth()
    {
        await app.Stripe.Switch(new { webhookOutOfOrder = true });
        await Paid("pm_card_createDispute");
        await Eventually.True(async () => (await app.Stream(paymentId)).Disputes.Count == 1);
        await app.Turn($"/_simulator/disputes/{(await app.Stream(paymentId)).Disputes.Keys.Single()}/won");

        await Eventually.True(async () => (await app.Ledger(paymentId)).Any(movement => movement.Kind is MovementKind.DisputeWon));

        Assert.Equal("won", (await app.Stream(paymentId)).Disputes.Values.Single().Status);
        Assert.Equal(0, (await app.Ledger(paymentId)).Sum(movement => movement.On(Accounts.Disputes) + movement.On(Accounts.DisputeFees)));
    }

    [Fact]
    public async Task A_dispute_that_is_faster_than_the_answer_to_the_payment_leaves_the_attempt_in_its_place()
    {
        // The answer is lost, so that the dispute is heard of while the attempt is still open.
        await using var deaf = new PaymentsApp(hearsWebhooks: false);
        var order = await deaf.Placed();
        await deaf.Stripe.Switch(new { loseNextAnswers = 3 });
        await (await deaf.Pay(order, paymentId, "pm_card_createDispute")).Refused(503, "processor-unavailable");
        await deaf.HearWebhooks();
        var told = (await deaf.Stripe.Get("/v1/events?type=charge.dispute.created")).Body.GetProperty("data")[0].GetProperty("id").GetString();
        await deaf.Turn($"/_simulator/events/{told}/resend");
        await Eventually.True(async () => (await deaf.Stream(paymentId)).Disputes.Count == 1);

        Assert.Equal(paymentId, (await deaf.Known(order)).Open!.PaymentId);
        await deaf.Until(async () => (await deaf.Ledger(paymentId)).Count == 2);
        Assert.Equal([MovementKind.Charge, MovementKind.Dispute], (await deaf.Ledger(paymentId)).Select(movement => movement.Kind));
    }

    private async Task<IReadOnlyList<JsonElement>> List(TestUser user, string query = "") =>
        [.. (await app.Get($"/api/payments/disputes{query}", user)).GetProperty("items").EnumerateArray()];

    private async Task<Order> Paid(string method)
    {
        var order = await app.Placed();
        Assert.Equal("succeeded", (await (await app.Pay(order, paymentId, method)).Is(200)).Status());
        return order;
    }
}
