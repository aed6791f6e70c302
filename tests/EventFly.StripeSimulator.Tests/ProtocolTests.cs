using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace EventFly.StripeSimulator.Tests;

public sealed class ProtocolTests : IDisposable
{
    private readonly SimulatorApp simulator = new();

    public void Dispose() => simulator.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer nonsense")]
    [InlineData("Bearer sk_" + "live_real")]
    [InlineData("Basic %%%")]
    public async Task Without_a_test_key_nobody_comes_in(string? authorization)
    {
        using var client = simulator.NewClient();
        if (authorization is not null) client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        using var response = await client.GetAsync(new Uri("/v1/charges", UriKind.Relative));
        var reply = await Reply.From(response);

        Assert.Equal(401, reply.Status);
        Assert.Equal("invalid_request_error", reply.Error.GetProperty("type").GetString());
        Assert.StartsWith("req_", reply.Headers["Request-Id"], StringComparison.Ordinal);
        Assert.DoesNotContain("sk_" + "live_real", reply.Raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_may_come_as_basic_user_name()
    {
        using var client = simulator.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(SimulatorApp.SecretKey + ":")));
        using var response = await client.GetAsync(new Uri("/v1/charges", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("amount=500", "currency", "parameter_missing")]
    [InlineData("currency=eur", "amount", "parameter_missing")]
    [InlineData("amount=5.5&currency=eur", "amount", "parameter_invalid_integer")]
    [InlineData("amount=-5&currency=eur", "amount", "parameter_invalid_integer")]
    [InlineData("amount=49&currency=eur", "amount", "amount_too_small")]
    [InlineData("amount=999999999&currency=eur", "amount", "amount_too_large")]
    [InlineData("amount=500&currency=doubloons", "currency", null)]
    [InlineData("amount=500&currency=eur&tickets=2", "tickets", "parameter_unknown")]
    [InlineData("amount=500&currency=eur&payment_method=pm_nobody", "payment_method", "resource_missing")]
    [InlineData("amount=500&currency=eur&confirm=perhaps", "confirm", null)]
    [InlineData("amount=1005&currency=kwd", "amount", "parameter_invalid_integer")]
    public async Task Bad_parameters_are_named(string form, string param, string? code)
    {
        using var content = new StringContent(form, Encoding.ASCII, "application/x-www-form-urlencoded");
        using var response = await simulator.Stripe.PostAsync(new Uri("/v1/payment_intents", UriKind.Relative), content);
        var reply = await Reply.From(response);

        Assert.Equal(400, reply.Status);
        Assert.Equal(param, reply.Error.GetProperty("param").GetString());
        Assert.Equal(code, reply.Error.TryGetProperty("code", out var actual) ? actual.GetString() : null);
    }

    [Fact]
    public async Task Unknown_things_paths_and_versions_are_refused_in_Stripes_shape()
    {
        var missing = await simulator.Get("/v1/payment_intents/pi_nobody");
        Assert.Equal(404, missing.Status);
        Assert.Equal("resource_missing", missing.Error.GetProperty("code").GetString());
        Assert.Equal(404, (await simulator.Get("/v1/teapots")).Status);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/charges");
        request.Headers.Add("Stripe-Version", "yesterday");
        using var response = await simulator.Stripe.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task The_same_key_replays_status_and_body_and_charges_once()
    {
        var first = await simulator.Pay(key: "k-1");
        var second = await simulator.Pay(key: "k-1");

        Assert.Equal(first.Raw, second.Raw);
        Assert.False(first.Headers.ContainsKey("Idempotent-Replayed"));
        Assert.Equal("true", second.Headers["Idempotent-Replayed"]);
        Assert.Equal(first.Headers["Request-Id"], second.Headers["Original-Request"]);
        Assert.Equal(1, (await simulator.Get("/_simulator/ledger")).Number("total"));
    }

    [Fact]
    public async Task A_decline_is_replayed_too()
    {
        var first = await simulator.Pay("pm_card_chargeDeclined", key: "k-2");
        var second = await simulator.Pay("pm_card_chargeDeclined", key: "k-2");
        Assert.Equal((402, first.Raw), (second.Status, second.Raw));
    }

    [Fact]
    public async Task The_same_key_with_other_parameters_is_an_idempotency_error()
    {
        await simulator.Pay(key: "k-3");
        var other = await simulator.Pay(key: "k-3", amount: 9_999);

        Assert.Equal(400, other.Status);
        Assert.Equal("idempotency_error", other.Error.GetProperty("type").GetString());
        Assert.Equal(1, (await simulator.Get("/_simulator/ledger")).Number("total"));
    }

    [Fact]
    public async Task A_key_in_use_is_a_conflict_and_only_one_charge_is_made()
    {
        await simulator.Switch(new { latencyMs = 300 });
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => simulator.Pay(key: "k-4")));

        Assert.Contains(replies, reply => reply.Status == 409 && reply.Error.GetProperty("code").GetString() == "idempotency_key_in_use");
        Assert.Contains(replies, reply => reply.Status == 200);
        Assert.Equal(1, (await simulator.Get("/_simulator/ledger")).Number("total"));
    }

    [Fact]
    public async Task A_key_is_free_again_when_the_parameters_were_wrong()
    {
        Assert.Equal(400, (await simulator.Pay(key: "k-5", amount: 1)).Status);
        Assert.Equal(200, (await simulator.Pay(key: "k-5")).Status);
    }

    [Fact]
    public async Task A_lost_answer_is_found_again_with_the_same_key()
    {
        await simulator.Switch(new { loseNextAnswers = 1 });
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => simulator.Pay(key: "k-6"));
        var retried = await simulator.Pay(key: "k-6");

        Assert.Equal("succeeded", retried.Text("status"));
        Assert.Equal("true", retried.Headers["Idempotent-Replayed"]);
        Assert.Equal(1, (await simulator.Get("/_simulator/ledger")).Number("total"));
    }

    [Fact]
    public async Task Failures_on_demand_do_nothing()
    {
        await simulator.Switch(new { failNextRequests = 1 });
        var failed = await simulator.Pay(key: "k-7");
        Assert.Equal((500, "api_error"), (failed.Status, failed.Error.GetProperty("type").GetString()));
        Assert.Equal(0, (await simulator.Get("/_simulator/ledger")).Number("total"));
        Assert.Equal("succeeded", (await simulator.Pay(key: "k-7")).Text("status"));
    }

    [Fact]
    public async Task Everything_is_declined_on_demand()
    {
        await simulator.Switch(new { declineEverything = true });
        Assert.Equal(402, (await simulator.Pay()).Status);
    }

    [Fact]
    public async Task Lists_come_in_pages_newest_first_in_both_directions()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Insert(0, (await simulator.Pay()).Id);

        var first = await simulator.Get("/v1/payment_intents?limit=2");
        var second = await simulator.Get($"/v1/payment_intents?limit=2&starting_after={ids[1]}");
        var last = await simulator.Get($"/v1/payment_intents?limit=2&starting_after={ids[3]}");
        var back = await simulator.Get($"/v1/payment_intents?limit=2&ending_before={ids[3]}");

        Assert.Equal(ids[..2], Ids(first));
        Assert.True(first.Body.GetProperty("has_more").GetBoolean());
        Assert.Equal(ids[2..4], Ids(second));
        Assert.Equal(ids[4..], Ids(last));
        Assert.False(last.Body.GetProperty("has_more").GetBoolean());
        Assert.Equal(ids[1..3], Ids(back));
        Assert.Empty(Ids(await simulator.Get("/v1/payment_intents?created[gt]=99999999999")));
        Assert.Equal(5, Ids(await simulator.Get("/v1/payment_intents?created[gte]=1")).Count());
    }

    [Fact]
    public async Task Switches_out_of_range_or_unknown_are_refused()
    {
        foreach (var body in new[] { """{"errorRate":2}""", """{"latencyMs":-1}""", """{"teapot":true}""", "[]", "{" })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await simulator.Stripe.PatchAsync(new Uri("/_simulator/switches", UriKind.Relative), content);
            Assert.Equal((body, HttpStatusCode.BadRequest), (body, response.StatusCode));
        }
    }

    [Fact]
    public async Task The_start_page_shows_payments_and_escapes_what_strangers_wrote()
    {
        await simulator.Post("/v1/payment_intents", ("amount", "500"), ("currency", "eur"), ("metadata[note]", "<script>alert(1)</script>"));
        using var client = simulator.NewClient();
        var page = await client.GetStringAsync(new Uri("/", UriKind.Relative));

        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert(1)", page, StringComparison.Ordinal);
        using var health = await client.GetAsync(new Uri("/health", UriKind.Relative));
        using var alive = await client.GetAsync(new Uri("/alive", UriKind.Relative));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (health.StatusCode, alive.StatusCode));
    }

    [Fact]
    public async Task Beyond_the_limit_the_oldest_make_room()
    {
        using var small = new SimulatorApp(("Simulator:KeepObjects", "100"));
        var first = await small.Pay();
        for (var i = 0; i < 100; i++) await small.Pay();

        Assert.Equal(404, (await small.Get($"/v1/payment_intents/{first.Id}")).Status);
        Assert.Equal(100, Ids(await small.Get("/v1/payment_intents?limit=100")).Count());
        Assert.Equal(101, (await small.Get("/_simulator/ledger")).Number("total"));
    }

    private static IEnumerable<string?> Ids(Reply list) => list.Body.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("id").GetString());
}
