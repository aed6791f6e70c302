using System.Net;
using System.Text.Json;

namespace EventFly.StripeSimulator.Tests;

public sealed class PaymentTests : IDisposable
{
    private readonly SimulatorApp simulator = new();

    public void Dispose() => simulator.Dispose();

    [Fact]
    public async Task A_good_card_pays_at_once()
    {
        var intent = await simulator.Pay();

        Assert.Equal(200, intent.Status);
        Assert.Equal("succeeded", intent.Text("status"));
        Assert.Equal(2_500, intent.Number("amount_received"));
        var charge = await simulator.Get($"/v1/charges/{intent.Text("latest_charge")}");
        Assert.True(charge.Body.GetProperty("paid").GetBoolean());
        Assert.Equal(intent.Id, charge.Text("payment_intent"));
    }

    [Theory]
    [InlineData("pm_card_chargeDeclined", "card_declined", "generic_decline")]
    [InlineData("pm_card_visa_chargeDeclined", "card_declined", "generic_decline")]
    [InlineData("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds")]
    [InlineData("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card")]
    [InlineData("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc")]
    [InlineData("pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error")]
    public async Task A_bad_card_is_declined_with_Stripes_words(string method, string code, string declineCode)
    {
        var declined = await simulator.Pay(method);

        Assert.Equal(402, declined.Status);
        Assert.Equal("card_error", declined.Error.GetProperty("type").GetString());
        Assert.Equal(code, declined.Error.GetProperty("code").GetString());
        Assert.Equal(declineCode, declined.Error.GetProperty("decline_code").GetString());
        var intent = declined.Error.GetProperty("payment_intent");
        Assert.Equal("requires_payment_method", intent.GetProperty("status").GetString());
        Assert.Equal(code, intent.GetProperty("last_payment_error").GetProperty("code").GetString());
        Assert.Equal(0, (await simulator.Get("/_simulator/ledger")).Number("total"));
    }

    [Theory]
    [InlineData("4242424242424242", 200, null)]
    [InlineData("4000000000000002", 402, "card_declined")]
    [InlineData("4000000000009995", 402, "card_declined")]
    [InlineData("4242424242424241", 402, "incorrect_number")]
    [InlineData("4111111111111111", 402, "card_declined")]
    public async Task Card_numbers_do_what_Stripe_says_they_do(string number, int status, string? code)
    {
        var reply = await simulator.Post(
            "/v1/payment_intents", ("amount", "500"), ("currency", "usd"), ("confirm", "true"), ("payment_method_data[type]", "card"),
            ("payment_method_data[card][number]", number), ("payment_method_data[card][exp_month]", "12"),
            ("payment_method_data[card][exp_year]", "40"), ("payment_method_data[card][cvc]", "123"));

        Assert.Equal(status, reply.Status);
        if (code is not null) Assert.Equal(code, reply.Error.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("4000002500003155")]
    [InlineData("4000002760003184")]
    public async Task A_browser_makes_a_payment_method_from_a_number_that_asks_for_authentication(string number)
    {
        using var browser = simulator.NewClient();
        browser.DefaultRequestHeaders.Authorization = new("Bearer", "pk_test_simulator");
        using var form = new FormUrlEncodedContent(
        [
            new("type", "card"), new("card[number]", number), new("card[exp_month]", "1"), new("card[exp_year]", "2040"),
        ]);
        using var response = await browser.PostAsync(new Uri("/v1/payment_methods", UriKind.Relative), form);
        var method = await Reply.From(response);

        Assert.Equal("requires_action", (await simulator.Pay(method.Id)).Text("status"));
        using var refused = await browser.GetAsync(new Uri("/v1/charges", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task The_buyer_completes_three_d_secure_and_comes_back()
    {
        var intent = await simulator.Pay("pm_card_threeDSecure2Required");
        Assert.Equal("requires_action", intent.Text("status"));
        var page = Page(intent);

        using var buyer = simulator.NewClient();
        Assert.Contains("Complete", await buyer.GetStringAsync(page), StringComparison.Ordinal);
        using var done = await buyer.PostAsync(Decision(page, "complete"), null);

        Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        Assert.StartsWith("https://shop.example/back?payment_intent=" + intent.Id, done.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Contains("redirect_status=succeeded", done.Headers.Location.Query, StringComparison.Ordinal);
        Assert.Equal("succeeded", (await simulator.Get($"/v1/payment_intents/{intent.Id}")).Text("status"));
        using var again = await buyer.PostAsync(Decision(page, "complete"), null);
        Assert.Equal(HttpStatusCode.Gone, again.StatusCode);
        Assert.Equal(1, (await simulator.Get("/_simulator/ledger")).Number("total"));
    }

    [Fact]
    public async Task The_buyer_fails_three_d_secure_and_pays_with_another_card()
    {
        var intent = await simulator.Pay("pm_card_authenticationRequired");
        using var buyer = simulator.NewClient();
        using var failed = await buyer.PostAsync(Decision(Page(intent), "fail"), null);
        Assert.Contains("redirect_status=failed", failed.Headers.Location!.Query, StringComparison.Ordinal);

        var now = await simulator.Get($"/v1/payment_intents/{intent.Id}");
        Assert.Equal("requires_payment_method", now.Text("status"));
        Assert.Equal("payment_intent_authentication_failure", now.Body.GetProperty("last_payment_error").GetProperty("code").GetString());
        var paid = await simulator.Post($"/v1/payment_intents/{intent.Id}/confirm", ("payment_method", "pm_card_visa"));
        Assert.Equal("succeeded", paid.Text("status"));
    }

    [Fact]
    public async Task Nobody_authenticates_without_the_pages_key()
    {
        var intent = await simulator.Pay("pm_card_threeDSecure2Required");
        using var stranger = simulator.NewClient();
        using var response = await stranger.PostAsync(new Uri($"/_simulator/three-d-secure/{intent.Id}/complete?key=guess", UriKind.Relative), null);

        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
        Assert.Equal("requires_action", (await simulator.Get($"/v1/payment_intents/{intent.Id}")).Text("status"));
    }

    [Fact]
    public async Task A_paid_payment_cannot_be_cancelled_and_a_cancelled_one_cannot_be_paid()
    {
        var paid = await simulator.Pay();
        var refused = await simulator.Post($"/v1/payment_intents/{paid.Id}/cancel");
        Assert.Equal(400, refused.Status);
        Assert.Equal("payment_intent_unexpected_state", refused.Error.GetProperty("code").GetString());

        var open = await simulator.Post("/v1/payment_intents", ("amount", "500"), ("currency", "eur"));
        Assert.Equal("canceled", (await simulator.Post($"/v1/payment_intents/{open.Id}/cancel")).Text("status"));
        var late = await simulator.Post($"/v1/payment_intents/{open.Id}/confirm", ("payment_method", "pm_card_visa"));
        Assert.Equal("payment_intent_unexpected_state", late.Error.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Many_confirmations_at_once_charge_once()
    {
        var open = await simulator.Post("/v1/payment_intents", ("amount", "500"), ("currency", "eur"));
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            simulator.Post($"/v1/payment_intents/{open.Id}/confirm", ("payment_method", "pm_card_visa"))));

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.Equal(1, (await simulator.Get("/_simulator/ledger")).Number("total"));
    }

    [Fact]
    public async Task A_payment_can_take_its_time()
    {
        await simulator.Switch(new { settleAfterMs = 50 });
        var intent = await simulator.Pay();
        Assert.Equal("processing", intent.Text("status"));
        for (var i = 0; i < 1_000 && (await simulator.Get($"/v1/payment_intents/{intent.Id}")).Text("status") != "succeeded"; i++) await Task.Delay(10);
        Assert.Equal("succeeded", (await simulator.Get($"/v1/payment_intents/{intent.Id}")).Text("status"));
    }

    [Fact]
    public async Task Metadata_is_kept_merged_and_copied_to_the_charge()
    {
        var intent = await simulator.Post(
            "/v1/payment_intents", ("amount", "500"), ("currency", "eur"), ("metadata[order_id]", "o-1"), ("metadata[gone]", "x"));
        await simulator.Post($"/v1/payment_intents/{intent.Id}", ("metadata[gone]", ""), ("metadata[more]", "y"));
        var paid = await simulator.Post(
            $"/v1/payment_intents/{intent.Id}/confirm", ("payment_method", "pm_card_visa"), ("expand[]", "latest_charge.balance_transaction"));

        Assert.Equal("""{"order_id":"o-1","more":"y"}""", paid.Body.GetProperty("metadata").GetRawText());
        var charge = paid.Body.GetProperty("latest_charge");
        Assert.Equal("""{"order_id":"o-1","more":"y"}""", charge.GetProperty("metadata").GetRawText());
        Assert.Equal(JsonValueKind.Object, charge.GetProperty("balance_transaction").ValueKind);
    }

    private static Uri Page(Reply intent) => new(intent.Body.GetProperty("next_action").GetProperty("redirect_to_url").GetProperty("url").GetString()!);

    private static Uri Decision(Uri page, string verdict) => new($"{page.GetLeftPart(UriPartial.Path)}/{verdict}{page.Query}");
}
