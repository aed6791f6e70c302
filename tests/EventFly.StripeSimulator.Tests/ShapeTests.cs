using System.Text.Json;

namespace EventFly.StripeSimulator.Tests;

public sealed class ShapeTests : IDisposable
{
    private readonly SimulatorApp simulator = new();

    public void Dispose() => simulator.Dispose();

    private static void AssertStripes(string kind, JsonElement ours) =>
        Assert.True(StripeShape.Differences(kind, ours) is { Count: 0 } differences, string.Join("\n", StripeShape.Differences(kind, ours)));

    [Theory]
    [InlineData("pm_card_visa")]
    [InlineData("pm_card_threeDSecure2Required")]
    public async Task A_payment_intent_could_be_Stripes(string method) =>
        AssertStripes("payment_intent", (await simulator.Pay(method)).Body);

    [Fact]
    public async Task A_declined_payment_intent_could_be_Stripes() =>
        AssertStripes("payment_intent", (await simulator.Pay("pm_card_chargeDeclined")).Error.GetProperty("payment_intent"));

    [Fact]
    public async Task A_charge_could_be_Stripes_paid_or_failed()
    {
        await simulator.Pay();
        await simulator.Pay("pm_card_chargeDeclined");
        var charges = (await simulator.Get("/v1/charges")).Body.GetProperty("data");
        Assert.Equal(2, charges.GetArrayLength());
        foreach (var charge in charges.EnumerateArray()) AssertStripes("charge", charge);
    }

    [Fact]
    public async Task Refund_dispute_and_balance_transaction_could_be_Stripes()
    {
        var intent = await simulator.Pay();
        AssertStripes("refund", (await simulator.Post("/v1/refunds", ("payment_intent", intent.Id), ("amount", "5"))).Body);
        var dispute = await simulator.Post($"/_simulator/charges/{intent.Id}/dispute");
        AssertStripes("dispute", dispute.Body);
        var transactions = (await simulator.Get("/v1/balance_transactions")).Body.GetProperty("data");
        Assert.Equal(3, transactions.GetArrayLength());
        foreach (var transaction in transactions.EnumerateArray()) AssertStripes("balance_transaction", transaction);
        AssertStripes("balance_transaction", dispute.Body.GetProperty("balance_transactions")[0]);
    }

    [Fact]
    public async Task Customer_payment_method_set_up_and_webhook_endpoint_could_be_Stripes()
    {
        AssertStripes("customer", (await simulator.Post("/v1/customers", ("email", "a@example.com"))).Body);
        AssertStripes("payment_method", (await simulator.Get("/v1/payment_methods/pm_card_visa")).Body);
        AssertStripes("setup_intent", (await simulator.Post("/v1/setup_intents", ("confirm", "true"), ("payment_method", "pm_card_visa"))).Body);
        AssertStripes("webhook_endpoint", (await simulator.Post(
            "/v1/webhook_endpoints", ("url", "http://127.0.0.1:1/"), ("enabled_events[0]", "charge.refunded"))).Body);
    }

    [Fact]
    public async Task Events_could_be_Stripes()
    {
        await simulator.Pay();
        var events = (await simulator.Get("/v1/events")).Body.GetProperty("data");
        Assert.Equal(
            ["payment_intent.succeeded", "charge.succeeded", "payment_intent.created"],
            events.EnumerateArray().Select(e => e.GetProperty("type").GetString()));
        foreach (var happened in events.EnumerateArray())
        {
            var subject = happened.GetProperty("data").GetProperty("object");
            AssertStripes(subject.GetProperty("object").GetString()!, subject);
            var envelope = happened.EnumerateObject().Where(field => field.Name is not "data").ToDictionary(field => field.Name, field => field.Value);
            AssertStripes("event", JsonSerializer.SerializeToElement(envelope));
        }
    }

    [Fact]
    public void The_comparison_bites()
    {
        var unknownField = JsonSerializer.SerializeToElement(new { id = "pi_1", amount = 1, tickets = 3 });
        var otherType = JsonSerializer.SerializeToElement(new { id = "pi_1", amount = "1", amount_details = new { tip = new { sum = 2 } } });

        Assert.Equal(["payment_intent.tickets does not exist at Stripe"], StripeShape.Differences("payment_intent", unknownField));
        Assert.Equal(
            ["payment_intent.amount is String, at Stripe Number", "payment_intent.amount_details.tip.sum does not exist at Stripe"],
            StripeShape.Differences("payment_intent", otherType));
    }
}
