using System.Collections.Concurrent;
using System.Diagnostics;
using EventFly.Payments.Processor;
using EventFly.StripeSimulator.Tests;
using Microsoft.Extensions.Options;
using static EventFly.Payments.Tests.Processor.ProcessorUnderTest;

namespace EventFly.Payments.Tests.Processor;

public sealed class StripeTroubleTests : IAsyncLifetime
{
    private ScriptedStripe stripe = null!;
    private ProcessorUnderTest underTest = null!;

    private IPaymentProcessor Processor => underTest.Processor;

    public async ValueTask InitializeAsync()
    {
        stripe = await ScriptedStripe.Start();
        underTest = new ProcessorUnderTest(stripe.Address);
    }

    public async ValueTask DisposeAsync()
    {
        underTest.Dispose();
        await stripe.DisposeAsync();
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(409)]
    public async Task Trouble_that_passes_is_sat_out_with_the_same_key_and_the_pinned_version(int status)
    {
        stripe.Then(status, "<html>trouble</html>").Then(status).Then(200, StripeFixtures.Of("payment_intent").GetRawText());
        var result = await Processor.CreatePayment(Payment(), "a-1", default);

        Assert.NotNull(result.Payment);
        Assert.Equal(3, stripe.Seen.Count);
        Assert.All(stripe.Seen, seen => Assert.Equal(("a-1", StripeConnection.ApiVersion), (seen.Key, seen.Version)));
        Assert.Single(stripe.Seen.Select(seen => seen.Body).Distinct());
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(409)]
    public async Task Trouble_that_stays_is_told_after_a_bounded_number_of_tries(int status)
    {
        stripe.Then(status);
        var told = await Assert.ThrowsAsync<PaymentProcessorUnavailableException>(() => Processor.CreatePayment(Payment(), "a-1", default));
        Assert.Equal("req_scripted", told.RequestId);
        Assert.Equal(3, stripe.Seen.Count);
    }

    [Fact]
    public async Task A_long_wait_is_left_to_the_caller()
    {
        stripe.Then(429, retryAfter: 60);
        var told = await Assert.ThrowsAsync<PaymentProcessorUnavailableException>(() => Processor.FetchPayment("pi_1", default));
        Assert.Equal(TimeSpan.FromSeconds(60), told.RetryAfter);
        Assert.Single(stripe.Seen);
    }

    [Fact]
    public async Task When_Stripe_says_not_to_retry_we_do_not()
    {
        stripe.Then(500, shouldRetry: false);
        await Assert.ThrowsAsync<PaymentProcessorUnavailableException>(() => Processor.FetchPayment("pi_1", default));
        Assert.Single(stripe.Seen);
    }

    [Fact]
    public async Task Nobody_there_is_unavailable()
    {
        using var lost = new ProcessorUnderTest(new Uri("http://127.0.0.1:1"));
        await Assert.ThrowsAsync<PaymentProcessorUnavailableException>(() => lost.Processor.CreatePayment(Payment(), "a-1", default));
    }

    [Fact]
    public async Task No_answer_in_time_is_unavailable_and_the_caller_may_give_up_earlier()
    {
        await using var simulator = new SimulatorApp();
        using var hasty = new ProcessorUnderTest(simulator.Address, null, ("TryTimeout", "00:00:00.100"));
        await simulator.Switch(new { latencyMs = 20_000 });
        await Assert.ThrowsAsync<PaymentProcessorUnavailableException>(() => hasty.Processor.FetchPayment("pi_1", default));

        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        using var patient = new ProcessorUnderTest(simulator.Address);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => patient.Processor.FetchPayment("pi_1", patience.Token));
    }

    [Theory]
    [InlineData(200, "<html>hello</html>")]
    [InlineData(200, "null")]
    [InlineData(200, "{}")]
    [InlineData(302, "")]
    [InlineData(400, "not json")]
    [InlineData(400, "{}")]
    public async Task An_answer_that_cannot_be_read_is_loud_and_not_repeated(int status, string body)
    {
        stripe.Then(status, body);
        var told = await Assert.ThrowsAsync<PaymentProcessorException>(() => Processor.FetchPayment("pi_1", default));
        Assert.Contains("req_scripted", told.Message, StringComparison.Ordinal);
        Assert.Single(stripe.Seen);
    }

    [Theory]
    [InlineData(401, """{"error":{"type":"invalid_request_error","message":"Invalid API Key provided: sk_test_*****ator"}}""")]
    [InlineData(403, """{"error":{"type":"invalid_request_error","message":"no"}}""")]
    [InlineData(400, """{"error":{"type":"idempotency_error","message":"Keys for idempotent requests …"}}""")]
    public async Task What_asking_again_does_not_help_is_not_repeated(int status, string body)
    {
        stripe.Then(status, body);
        var told = await Assert.ThrowsAsync<PaymentProcessorException>(() => Processor.CreatePayment(Payment(), "a-1", default));
        Assert.DoesNotContain("sk_test", told.Message, StringComparison.Ordinal);
        Assert.Single(stripe.Seen);
    }

    [Fact]
    public async Task A_request_carries_the_whole_reference_and_no_more_than_it_must()
    {
        stripe.Then(200, StripeFixtures.Of("payment_intent").GetRawText());
        var payment = Payment();
        await Processor.CreatePayment(payment, "a-1", default);
        var seen = stripe.Seen.Single();

        Assert.Equal(("POST", "/v1/payment_intents", "Bearer " + SimulatorApp.SecretKey), (seen.Method, seen.PathAndQuery, seen.Authorization));
        Assert.Equal(
            "amount=2500&currency=eur&payment_method_types[0]=card&expand[0]=latest_charge.balance_transaction"
            + $"&metadata[payment_id]={payment.Reference.PaymentId}&metadata[order_id]={payment.Reference.OrderId}"
            + $"&metadata[event_id]={payment.Reference.EventId}&metadata[organization_id]={payment.Reference.OrganizationId}"
            + "&confirm=true&payment_method=pm_card_visa&return_url=https://shop.example/back",
            Uri.UnescapeDataString(seen.Body));
    }

    [Fact]
    public async Task Calls_make_spans_and_neither_spans_nor_logs_hold_secrets()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "EventFly.Payments",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var parent = new Activity("test").Start();
        stripe.Then(500, "pi_1_secret_2").Then(200, StripeFixtures.Of("payment_intent").GetRawText());
        await Processor.CreatePayment(Payment(), "a-1", default);

        var span = Assert.Single(spans, span => span.TraceId == parent.TraceId);
        Assert.Equal("stripe create the payment", span.DisplayName);
        Assert.Equal((2, 200), (span.GetTagItem("stripe.tries"), span.GetTagItem("http.response.status_code")));
        Assert.Contains(underTest.Log.Lines, line => line.Contains("status 500", StringComparison.Ordinal));
        var told = string.Join('\n', underTest.Log.Lines.Concat(span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")));
        foreach (var secret in new[] { SimulatorApp.SecretKey, WebhookSecret, "_secret_", "pm_card_visa" })
        {
            Assert.DoesNotContain(secret, told, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("ApiBase", "http://stripe.example")]
    [InlineData("ApiBase", "ftp://127.0.0.1")]
    [InlineData("SecretKey", "")]
    [InlineData("WebhookSecret", "")]
    public void Settings_that_cannot_work_are_refused(string name, string value) =>
        Assert.Throws<OptionsValidationException>(() => Start(name, value));

    private void Start(string name, string value)
    {
        using var wrong = new ProcessorUnderTest(stripe.Address, null, (name, value));
        wrong.Processor.ReadWebhook([], "t=1,v1=0000000000000000000000000000000000000000000000000000000000000000");
    }
}
