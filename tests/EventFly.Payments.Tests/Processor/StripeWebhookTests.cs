using System.Text;
using EventFly.Payments.Processor;
using EventFly.StripeSimulator.Tests;
using EventFly.Testing;

namespace EventFly.Payments.Tests.Processor;

public sealed class StripeWebhookTests
{
    // openssl dgst -sha256 -hmac whsec_known over 1700000000.{"id":"evt_1","object":"event"}
    private const string Signature = "2b7cd62dae148565916461b419e809db89254feb453d7302e901afa0173ba0f6";
    private const string Secret = "whsec_known";
    private static readonly byte[] Body = """{"id":"evt_1","object":"event"}"""u8.ToArray();
    private static readonly DateTimeOffset SignedAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Theory]
    [InlineData("t=1700000000,v1=" + Signature)]
    [InlineData("t=1700000000, v1=" + Signature + ", v0=00")]
    [InlineData("v1=0000000000000000000000000000000000000000000000000000000000000000,v1=" + Signature + ",t=1700000000")]
    public void A_signature_that_fits_is_taken(string header) =>
        Assert.Null(StripeWebhookSignature.Check(Body, header, Secret, SignedAt));

    [Theory]
    [InlineData(null, "signature-missing")]
    [InlineData(" ", "signature-missing")]
    [InlineData("nonsense", "signature-malformed")]
    [InlineData("t=1700000000", "signature-malformed")]
    [InlineData("v1=" + Signature, "signature-malformed")]
    [InlineData("t=1700000000,v0=" + Signature, "signature-malformed")]
    [InlineData("t=1700000000,v1=abc", "signature-malformed")]
    [InlineData("t=-1,v1=" + Signature, "signature-malformed")]
    [InlineData("t=99999999999999999999,v1=" + Signature, "signature-malformed")]
    [InlineData("t=1700000000,t=1700000000,v1=" + Signature, "signature-malformed")]
    [InlineData("t=1700000001,v1=" + Signature, "signature-wrong")]
    [InlineData("t=9223372036854775807,v1=" + Signature, "signature-wrong")]
    [InlineData("t=1700000000,v1=0000000000000000000000000000000000000000000000000000000000000000", "signature-wrong")]
    public void A_signature_that_does_not_fit_is_refused(string? header, string code) =>
        Assert.Equal(code, StripeWebhookSignature.Check(Body, header, Secret, SignedAt)?.Code);

    [Fact]
    public void One_changed_byte_or_another_secret_is_refused()
    {
        var tampered = Body.ToArray();
        tampered[^2] ^= 1;
        Assert.Equal("signature-wrong", StripeWebhookSignature.Check(tampered, "t=1700000000,v1=" + Signature, Secret, SignedAt)?.Code);
        Assert.Equal("signature-wrong", StripeWebhookSignature.Check(Body, "t=1700000000,v1=" + Signature, "whsec_other", SignedAt)?.Code);
    }

    [Theory]
    [InlineData(300, null)]
    [InlineData(301, "signature-too-old")]
    [InlineData(-300, null)]
    [InlineData(-301, "signature-too-old")]
    public void A_signature_holds_for_five_minutes(int secondsLater, string? code) =>
        Assert.Equal(
            code, StripeWebhookSignature.Check(Body, "t=1700000000,v1=" + Signature, Secret, SignedAt.AddSeconds(secondsLater))?.Code);

    [Fact]
    public void A_signed_body_that_is_no_event_is_refused()
    {
        using var processor = new ProcessorUnderTest(
            new Uri("http://127.0.0.1:1"), new FakeClock(SignedAt), ("WebhookSecret", Secret));
        var refused = Assert.IsType<WebhookResult.Refused>(processor.Processor.ReadWebhook(Body, "t=1700000000,v1=" + Signature));
        Assert.Equal("body-unreadable", refused.Code);
    }

    [Fact]
    public async Task The_simulators_webhooks_are_taken_and_read()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var simulator = new SimulatorApp(
            ("Webhook:Url", receiver.Address.AbsoluteUri), ("Webhook:Secret", ProcessorUnderTest.WebhookSecret));
        using var processor = new ProcessorUnderTest(simulator.Address);

        var payment = ProcessorUnderTest.Payment();
        var paid = (await processor.Processor.CreatePayment(payment, "a-1", default)).Payment!;
        await processor.Processor.Refund(new NewRefund(paid.Id, Guid.CreateVersion7(), "eur", 100), "a-2", default);
        await simulator.Post($"/_simulator/charges/{paid.Id}/dispute");
        var webhooks = await receiver.Wait(4);
        var events = webhooks
            .Select(webhook => processor.Processor.ReadWebhook(Encoding.UTF8.GetBytes(webhook.Raw), webhook.Signature))
            .Select(result => Assert.IsType<WebhookResult.Accepted>(result).Event)
            .ToDictionary(happened => happened.Type);

        var state = Assert.IsType<ProcessorEventSubject.Payment>(events["payment_intent.succeeded"].Subject).State;
        Assert.Equal((paid.Id, payment.Reference, 2_500), (state.Id, state.Reference, state.AmountReceived));
        Assert.Equal(100, Assert.IsType<ProcessorEventSubject.Refund>(events["refund.created"].Subject).State.Amount);
        Assert.Equal(100, Assert.IsType<ProcessorEventSubject.Charge>(events["charge.refunded"].Subject).AmountRefunded);
        Assert.Equal(2_400, Assert.IsType<ProcessorEventSubject.Dispute>(events["charge.dispute.created"].Subject).State.Amount);
        Assert.Equal(webhooks.Select(webhook => webhook.Id).Order(), events.Values.Select(happened => happened.Id).Order());
    }
}
