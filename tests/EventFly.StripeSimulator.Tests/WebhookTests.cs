using System.Security.Cryptography;
using System.Text;

namespace EventFly.StripeSimulator.Tests;

public sealed class WebhookTests : IAsyncLifetime
{
    private const string Secret = "whsec_test_simulator";

    private WebhookReceiver receiver = null!;
    private SimulatorApp simulator = null!;

    public ValueTask InitializeAsync() => Start(refuseFirst: 0);

    public async ValueTask DisposeAsync()
    {
        await simulator.DisposeAsync();
        await receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_webhook_is_signed_as_Stripe_signs()
    {
        var intent = await simulator.Pay();
        var webhook = (await receiver.Wait(1))[0];

        Assert.Equal("payment_intent.succeeded", webhook.Type);
        Assert.Equal(intent.Id, webhook.Subject);
        var parts = webhook.Signature.Split(',').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{parts["t"]}.{webhook.Raw}"));
        Assert.Equal(Convert.ToHexStringLower(expected), parts["v1"]);
        Assert.InRange(long.Parse(parts["t"], System.Globalization.CultureInfo.InvariantCulture), 1_700_000_000, 9_999_999_999);
    }

    [Fact]
    public async Task A_refused_webhook_comes_again_as_the_same_event()
    {
        await Restart(refuseFirst: 2);
        await simulator.Pay();
        var tries = await receiver.Wait(3);

        Assert.Single(tries.Select(t => t.Id).Distinct());
        await Until(async () => (await simulator.Get("/_simulator/webhooks")).Body.GetProperty("counts").GetProperty("delivered").GetInt64() == 1);
        Assert.Equal(2, (await simulator.Get("/_simulator/webhooks")).Body.GetProperty("counts").GetProperty("failed").GetInt64());
        Assert.Equal(3, receiver.Received.Count);
    }

    [Fact]
    public async Task It_gives_up_after_the_last_attempt()
    {
        await Restart(refuseFirst: 100, ("Webhook:Attempts", "3"));
        await simulator.Pay();
        await Until(async () => (await simulator.Get("/_simulator/webhooks")).Body.GetProperty("counts").GetProperty("givenUp").GetInt64() == 1);
        Assert.Equal(3, receiver.Received.Count);
    }

    [Fact]
    public async Task Webhooks_can_come_twice()
    {
        await simulator.Switch(new { webhookDuplicate = true });
        await simulator.Pay();
        var both = await receiver.Wait(2);
        Assert.Equal(both[0].Id, both[1].Id);
    }

    [Fact]
    public async Task Webhooks_can_come_in_the_wrong_order()
    {
        await simulator.Switch(new { webhookOutOfOrder = true });
        var first = await simulator.Pay();
        var second = await simulator.Pay();
        var came = await receiver.Wait(2);
        Assert.Equal([second.Id, first.Id], came.Select(webhook => webhook.Subject));
    }

    [Fact]
    public async Task The_first_try_can_be_lost()
    {
        await simulator.Switch(new { webhookDropFirst = true });
        await simulator.Pay();
        await receiver.Wait(1);
        var recent = (await simulator.Get("/_simulator/webhooks")).Body.GetProperty("recent").EnumerateArray().Select(t => t.GetProperty("attempt").GetInt32());
        Assert.Contains(1, recent);
        Assert.Single(receiver.Received);
    }

    [Fact]
    public async Task Webhooks_can_be_late()
    {
        await simulator.Switch(new { webhookDelayMs = 400 });
        await simulator.Pay();
        Assert.Equal(1, (await simulator.Get("/_simulator/webhooks")).Number("waiting"));
        Assert.Empty(receiver.Received);
        await receiver.Wait(1);
    }

    [Fact]
    public async Task Endpoints_come_and_go_through_the_api_with_secrets_of_their_own()
    {
        await using var other = await WebhookReceiver.Start();
        var endpoint = await simulator.Post(
            "/v1/webhook_endpoints", ("url", other.Address.AbsoluteUri), ("enabled_events[]", "charge.succeeded"));
        await simulator.Pay();
        var webhook = (await other.Wait(1))[0];

        Assert.Equal("charge.succeeded", webhook.Type);
        var time = webhook.Signature.Split(',')[0][2..];
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(endpoint.Text("secret")!), Encoding.UTF8.GetBytes($"{time}.{webhook.Raw}"));
        Assert.EndsWith(Convert.ToHexStringLower(expected), webhook.Signature, StringComparison.Ordinal);
        Assert.False((await simulator.Get($"/v1/webhook_endpoints/{endpoint.Id}")).Body.TryGetProperty("secret", out _));

        using var deleted = await simulator.Stripe.DeleteAsync(new Uri($"/v1/webhook_endpoints/{endpoint.Id}", UriKind.Relative));
        Assert.True(deleted.IsSuccessStatusCode);
        await simulator.Pay();
        await receiver.Wait(2);
        Assert.Single(other.Received);
    }

    [Fact]
    public async Task A_disputed_card_and_a_refund_tell_of_themselves()
    {
        await simulator.Pay("pm_card_createDispute");
        var intent = await simulator.Pay();
        await simulator.Post("/v1/refunds", ("payment_intent", intent.Id));
        var types = (await receiver.Wait(6)).Select(webhook => webhook.Type).Order();
        Assert.Equal(
            ["charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.refunded", "payment_intent.succeeded", "payment_intent.succeeded", "refund.created"], types);
    }

    private async ValueTask Restart(int refuseFirst, params (string, string)[] settings)
    {
        await DisposeAsync();
        await Start(refuseFirst, settings);
    }

    private async ValueTask Start(int refuseFirst, params (string, string)[] settings)
    {
        receiver = await WebhookReceiver.Start(refuseFirst);
        simulator = new SimulatorApp(
            [("Webhook:Url", receiver.Address.AbsoluteUri), ("Webhook:Secret", Secret), ("Webhook:FirstRetryMs", "20"), .. settings]);
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        for (var i = 0; !await condition(); i++)
        {
            Assert.True(i < 1_000, "It never became true.");
            await Task.Delay(10);
        }
    }
}
