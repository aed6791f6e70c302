using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using EventFly.Payments.Processor;
using EventFly.StripeSimulator.Tests;

namespace EventFly.Payments.Tests.Processor;

/// <summary>Our reading held against Stripe's own example objects.</summary>
public sealed class StripeFixtureTests
{
    [Fact]
    public void Stripes_payment_intent_is_read()
    {
        var payment = StripeReading.Payment(Read("payment_intent", StripeWire.Default.StripePaymentIntent));

        Assert.Equal("pi_1PgafyB7WZ01zgkWSjxsAJo3", payment.Id);
        Assert.Equal((1099, 0, "usd"), (payment.Amount, payment.AmountReceived, payment.Currency));
        Assert.Equal("idempotency_error", Assert.IsType<PaymentOutcome.Declined>(payment.Outcome).Code);
        Assert.Null(payment.Reference);
        Assert.Equal(1234567890, payment.CreatedAt.ToUnixTimeSeconds());
    }

    [Fact]
    public void Stripes_payment_intent_is_read_with_its_charge_in_it()
    {
        var intent = Node("payment_intent");
        intent["status"] = "succeeded";
        intent["latest_charge"] = Node("charge");
        var payment = StripeReading.Payment(intent.Deserialize(StripeWire.Default.StripePaymentIntent)!);

        Assert.Equal(new PaymentOutcome.Succeeded("ch_1PgafuB7WZ01zgkWXYmPNZs8"), payment.Outcome);
        Assert.Equal(new PaymentCard("visa", "4242"), payment.Card);
        Assert.Equal(0, payment.AmountRefunded);
    }

    [Fact]
    public void What_Stripe_keeps_of_a_charge_is_read_where_it_says_so()
    {
        var intent = Node("payment_intent");
        intent["status"] = "succeeded";
        intent["latest_charge"] = Node("charge");
        Assert.Null(StripeReading.Payment(intent.Deserialize(StripeWire.Default.StripePaymentIntent)!).Fee);

        var settled = Node("balance_transaction");
        settled["fee"] = 59;
        intent["latest_charge"]!["balance_transaction"] = settled;
        Assert.Equal(59, StripeReading.Payment(intent.Deserialize(StripeWire.Default.StripePaymentIntent)!).Fee);

        settled["currency"] = "eur";
        Assert.Null(StripeReading.Payment(intent.Deserialize(StripeWire.Default.StripePaymentIntent)!).Fee);
    }

    [Fact]
    public void What_moved_for_a_dispute_is_read_from_its_balance_transactions()
    {
        var dispute = Node("dispute");
        var (taken, back) = (Node("balance_transaction"), Node("balance_transaction"));
        (taken["amount"], taken["fee"]) = (-1_000, 1_500);
        (back["amount"], back["fee"]) = (1_000, -1_500);
        dispute["balance_transactions"] = new JsonArray(taken);
        Assert.Equal((1_000, 0, 1_500, 0), Moved());

        dispute["balance_transactions"]!.AsArray().Add(back);
        Assert.Equal((1_000, 1_000, 1_500, 1_500), Moved());

        (long, long, long, long) Moved()
        {
            var read = StripeReading.Dispute(dispute.Deserialize(StripeWire.Default.StripeDispute)!);
            return (read.Withdrawn, read.Reinstated, read.Fee, read.FeeReturned);
        }
    }

    [Theory]
    [InlineData("charge", "ch_1", 100, ProcessorMovementKind.Charge)]
    [InlineData("payment", "py_1", 100, ProcessorMovementKind.Charge)]
    [InlineData("refund", "re_1", -100, ProcessorMovementKind.Refund)]
    [InlineData("refund_failure", "re_1", 100, ProcessorMovementKind.RefundReturn)]
    [InlineData("adjustment", "dp_1", -100, ProcessorMovementKind.Dispute)]
    [InlineData("adjustment", "du_1", 100, ProcessorMovementKind.DisputeWon)]
    [InlineData("adjustment", "ch_1", 100, ProcessorMovementKind.Other)]
    [InlineData("payout", "po_1", -100, ProcessorMovementKind.Other)]
    public void Stripes_balance_transaction_is_read(string type, string source, long amount, ProcessorMovementKind kind)
    {
        var node = Node("balance_transaction");
        (node["type"], node["source"], node["amount"]) = (type, source, amount);

        var movement = StripeReading.Movement(node.Deserialize(StripeWire.Default.StripeBalanceTransaction)!);

        Assert.Equal(
            new ProcessorMovement("txn_1PgaxNB7WZ01zgkWEV3TLf40", source, kind, amount, 0, "usd", DateTimeOffset.FromUnixTimeSeconds(1234567890)), movement);
    }

    [Fact]
    public void Stripes_refund_is_read()
    {
        var refund = StripeReading.Refund(Read("refund", StripeWire.Default.StripeRefund));

        Assert.Equal(("re_1Pgc72B7WZ01zgkWqPvrRrPE", 100, "usd"), (refund.Id, refund.Amount, refund.Currency));
        Assert.IsType<RefundOutcome.Succeeded>(refund.Outcome);
        Assert.Equal("ch_1PgafuB7WZ01zgkWXYmPNZs8", refund.ChargeId);
    }

    [Fact]
    public void Stripes_event_is_read_whatever_it_is_about()
    {
        Assert.IsType<ProcessorEventSubject.Other>(EventAbout(null).Subject);
        Assert.Equal(
            "pi_1PgafyB7WZ01zgkWSjxsAJo3",
            Assert.IsType<ProcessorEventSubject.Payment>(EventAbout("payment_intent").Subject).State.Id);
        Assert.Equal(
            "re_1Pgc72B7WZ01zgkWqPvrRrPE", Assert.IsType<ProcessorEventSubject.Refund>(EventAbout("refund").Subject).State.Id);
        Assert.Equal(
            new ProcessorEventSubject.Charge("ch_1PgafuB7WZ01zgkWXYmPNZs8", null, 100, 0, "usd", false), EventAbout("charge").Subject);
        Assert.Equal(
            new ProcessorEventSubject.Dispute(new ProcessorDispute(
                "dp_1Pgc71B7WZ01zgkWMevJiAUx", "ch_1PgafuB7WZ01zgkWXYmPNZs8", null, 1000, "usd", "general", "warning_needs_response",
                DateTimeOffset.FromUnixTimeSeconds(1234567890), DateTimeOffset.FromUnixTimeSeconds(1723679999), 0, 0, 0, 0)),
            EventAbout("dispute").Subject);
    }

    [Fact]
    public void Stripes_set_up_is_read() =>
        Assert.Equal("requires_payment_method", Read("setup_intent", StripeWire.Default.StripeSetupIntent).Status);

    [Theory]
    [InlineData("payment_intent", "id,object,amount,amount_received,cancellation_reason,client_secret,created,currency,last_payment_error,"
        + "latest_charge,metadata,next_action,status")]
    [InlineData("refund", "id,object,amount,charge,created,currency,metadata,payment_intent,status")]
    [InlineData("charge", "id,object,amount,amount_refunded,currency,disputed,payment_intent,payment_method_details,status")]
    [InlineData("dispute", "id,object,amount,balance_transactions,charge,created,currency,payment_intent,reason,status")]
    [InlineData("balance_transaction", "id,object,amount,created,currency,fee,source,type")]
    [InlineData("setup_intent", "id,object,status")]
    [InlineData("event", "id,object,created,data,livemode,type")]
    public void What_lacks_a_field_that_we_read_or_has_another_type_is_unreadable(string kind, string fields)
    {
        var shape = Shape(kind);
        Assert.NotNull(Node(kind).Deserialize(shape));
        Assert.Equal(
            fields.Split(',').Order(),
            shape.Properties.Where(property => property.IsRequired).Select(property => property.Name).Order());

        foreach (var field in fields.Split(','))
        {
            var without = Node(kind);
            Assert.True(without.Remove(field), $"Stripe's {kind} has no {field}.");
            Assert.ThrowsAny<JsonException>(() => without.Deserialize(shape));

            var retyped = Node(kind);
            retyped[field] = field is "balance_transactions" ? "none" : new JsonArray(1, 2);
            Assert.ThrowsAny<JsonException>(() => retyped.Deserialize(shape));
        }
    }

    [Fact]
    public void An_unknown_status_or_another_object_is_unreadable()
    {
        var status = Node("payment_intent");
        status["status"] = "teleported";
        Assert.Throws<JsonException>(() => StripeReading.Payment(status.Deserialize(StripeWire.Default.StripePaymentIntent)!));

        var other = Node("payment_intent");
        other["object"] = "setup_intent";
        Assert.Throws<JsonException>(() => StripeReading.Payment(other.Deserialize(StripeWire.Default.StripePaymentIntent)!));
    }

    [Theory]
    [InlineData(1099, "eur", 1099L)]
    [InlineData(1099, "jpy", 1099L)]
    [InlineData(1099, "isk", 109900L)]
    [InlineData(1099, "ugx", 109900L)]
    [InlineData(1100, "mga", 11L)]
    [InlineData(1099, "mga", null)]
    [InlineData(long.MaxValue, "isk", null)]
    public void Money_is_in_Stripes_units(long iso, string currency, long? stripe)
    {
        Assert.Equal(stripe, StripeMoney.ToStripe(iso, currency));
        if (stripe is { } amount) Assert.Equal(iso, StripeMoney.FromStripe(amount, currency));
    }

    private static ProcessorEvent EventAbout(string? kind)
    {
        var happened = Node("event");
        if (kind is not null) happened["data"]!["object"] = Node(kind);
        return StripeReading.Event(happened.Deserialize(StripeWire.Default.StripeEvent)!);
    }

    private static T Read<T>(string kind, JsonTypeInfo<T> shape) => StripeFixtures.Of(kind).Deserialize(shape)!;

    private static JsonObject Node(string kind) => JsonObject.Create(StripeFixtures.Of(kind))!.DeepClone().AsObject();

    private static JsonTypeInfo Shape(string kind) => kind switch
    {
        "payment_intent" => StripeWire.Default.StripePaymentIntent,
        "refund" => StripeWire.Default.StripeRefund,
        "charge" => StripeWire.Default.StripeCharge,
        "dispute" => StripeWire.Default.StripeDispute,
        "setup_intent" => StripeWire.Default.StripeSetupIntent,
        "balance_transaction" => StripeWire.Default.StripeBalanceTransaction,
        _ => StripeWire.Default.StripeEvent,
    };
}
