namespace EventFly.StripeSimulator.Tests;

public sealed class RefundTests : IDisposable
{
    private readonly SimulatorApp simulator = new();

    public void Dispose() => simulator.Dispose();

    [Fact]
    public async Task Parts_go_back_until_nothing_is_left()
    {
        var intent = await simulator.Pay(amount: 1_000);
        var part = await Refund(intent, "300");
        var tooMuch = await Refund(intent, "701");
        var rest = await Refund(intent, null);
        var again = await Refund(intent, "1");

        Assert.Equal(("succeeded", 300), (part.Text("status"), part.Number("amount")));
        Assert.Equal((400, "amount"), (tooMuch.Status, tooMuch.Error.GetProperty("param").GetString()));
        Assert.Equal(700, rest.Number("amount"));
        Assert.Equal("charge_already_refunded", again.Error.GetProperty("code").GetString());
        var charge = await simulator.Get($"/v1/charges/{intent.Text("latest_charge")}?expand[]=refunds");
        Assert.Equal(1_000, charge.Number("amount_refunded"));
        Assert.True(charge.Body.GetProperty("refunded").GetBoolean());
        Assert.Equal(2, charge.Body.GetProperty("refunds").GetProperty("data").GetArrayLength());
        Assert.Equal(2, (await simulator.Get($"/v1/refunds?payment_intent={intent.Id}")).Body.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Many_refunds_at_once_never_give_back_more_than_was_paid()
    {
        var intent = await simulator.Pay(amount: 1_000);
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Refund(intent, "300")));

        Assert.Equal(3, replies.Count(reply => reply.Status == 200));
        Assert.Equal(900, (await simulator.Get($"/v1/charges/{intent.Text("latest_charge")}")).Number("amount_refunded"));
    }

    [Fact]
    public async Task The_same_key_refunds_once()
    {
        var intent = await simulator.Pay(amount: 1_000);
        var first = await simulator.Post("/v1/refunds", "r-1", ("payment_intent", intent.Id), ("amount", "100"));
        var second = await simulator.Post("/v1/refunds", "r-1", ("payment_intent", intent.Id), ("amount", "100"));

        Assert.Equal(first.Raw, second.Raw);
        Assert.Equal(100, (await simulator.Get($"/v1/charges/{intent.Text("latest_charge")}")).Number("amount_refunded"));
    }

    [Fact]
    public async Task What_was_never_paid_cannot_go_back()
    {
        var declined = await simulator.Pay("pm_card_chargeDeclined");
        var refund = await simulator.Post(
            "/v1/refunds", ("payment_intent", declined.Error.GetProperty("payment_intent").GetProperty("id").GetString()!));
        Assert.Equal(400, refund.Status);
    }

    [Fact]
    public async Task A_refund_can_be_pending_and_can_fail_later()
    {
        var pending = await Refund(await simulator.Pay("pm_card_pendingRefund"), null);
        Assert.Equal("pending", pending.Text("status"));
        var failing = await Refund(await simulator.Pay("pm_card_refundFail"), null);
        Assert.Equal("succeeded", failing.Text("status"));

        await Until(async () => (await simulator.Get($"/v1/refunds/{pending.Id}")).Text("status") == "succeeded");
        await Until(async () => (await simulator.Get($"/v1/refunds/{failing.Id}")).Text("status") == "failed");
        Assert.Equal(0, (await simulator.Get($"/v1/charges/{failing.Text("charge")}")).Number("amount_refunded"));
        Assert.Equal(
            ["charge", "refund", "charge", "refund", "refund_failure"],
            (await simulator.Get("/_simulator/ledger")).Body.GetProperty("movements").EnumerateArray().Select(m => m.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task A_dispute_takes_the_money_and_a_won_one_gives_it_back()
    {
        var intent = await simulator.Pay(amount: 1_000);
        var dispute = await simulator.Post($"/_simulator/charges/{intent.Id}/dispute");
        Assert.Equal("needs_response", dispute.Text("status"));
        Assert.Equal("charge_disputed", (await Refund(intent, null)).Error.GetProperty("code").GetString());
        Assert.Equal(400, (await simulator.Post($"/_simulator/charges/{intent.Id}/dispute")).Status);

        await simulator.Post($"/_simulator/disputes/{dispute.Id}/won");
        Assert.Equal("won", (await simulator.Get($"/v1/disputes/{dispute.Id}")).Text("status"));
        var page = await simulator.Get("/_simulator/ledger?after=1&limit=1");
        Assert.Equal("dispute", page.Body.GetProperty("movements")[0].GetProperty("kind").GetString());
        Assert.Equal((2, 3), (page.Number("next"), page.Number("total")));
    }

    [Fact]
    public async Task A_dispute_costs_a_fee_that_a_won_one_gives_back()
    {
        var intent = await simulator.Pay(amount: 1_000);
        var dispute = await simulator.Post($"/_simulator/charges/{intent.Id}/dispute?reason=product_not_received");
        Assert.Equal("product_not_received", dispute.Text("reason"));
        Assert.Equal([(-1_000, 1_500)], Moved(dispute));

        Assert.Equal("under_review", (await simulator.Post($"/v1/disputes/{dispute.Id}", ("evidence[uncategorized_text]", "Here."))).Text("status"));
        Assert.Equal([(-1_000, 1_500), (1_000, -1_500)], Moved(await simulator.Post($"/_simulator/disputes/{dispute.Id}/won")));
    }

    [Fact]
    public async Task A_bank_may_take_what_was_refunded_already()
    {
        var intent = await simulator.Pay(amount: 1_000);
        await Refund(intent, null);

        Assert.Equal([(-1_000, 1_500)], Moved(await simulator.Post($"/_simulator/charges/{intent.Id}/dispute")));
    }

    [Theory]
    [InlineData("pm_card_createDispute", "needs_response", "fraudulent", "lost")]
    [InlineData("pm_card_createDisputeProductNotReceived", "needs_response", "product_not_received", "lost")]
    [InlineData("pm_card_createDisputeInquiry", "warning_needs_response", "fraudulent", "warning_closed")]
    public async Task Some_cards_are_disputed_by_themselves(string card, string status, string reason, string end)
    {
        await simulator.Pay(card);

        var dispute = (await simulator.Get("/v1/disputes")).Body.GetProperty("data")[0];
        Assert.Equal((status, reason), (dispute.GetProperty("status").GetString(), dispute.GetProperty("reason").GetString()));
        Assert.Equal(status is "needs_response" ? 1 : 0, dispute.GetProperty("balance_transactions").GetArrayLength());
        Assert.Equal(end, (await simulator.Post($"/v1/disputes/{dispute.GetProperty("id").GetString()}/close")).Text("status"));
    }

    private static IEnumerable<(long, long)> Moved(Reply dispute) => dispute.Body.GetProperty("balance_transactions").EnumerateArray()
        .Select(transaction => (transaction.GetProperty("amount").GetInt64(), transaction.GetProperty("fee").GetInt64()));

    private Task<Reply> Refund(Reply intent, string? amount) => amount is null
        ? simulator.Post("/v1/refunds", ("payment_intent", intent.Id))
        : simulator.Post("/v1/refunds", ("payment_intent", intent.Id), ("amount", amount));

    private static async Task Until(Func<Task<bool>> condition)
    {
        for (var i = 0; !await condition(); i++)
        {
            Assert.True(i < 1_000, "It never became true.");
            await Task.Delay(10);
        }
    }
}
