using System.Text.Json;

namespace EventFly.Payments.Processor;

/// <summary>From Stripe's words to ours. What does not make sense is a <see cref="JsonException"/>: unreadable.</summary>
internal static class StripeReading
{
    public const string PaymentId = "payment_id";
    public const string OrderId = "order_id";
    public const string EventId = "event_id";
    public const string OrganizationId = "organization_id";
    public const string RefundId = "refund_id";

    public static ProcessorPayment Payment(StripePaymentIntent intent)
    {
        Expect(intent.Object, "payment_intent");
        var charge = intent.LatestCharge?.Value;
        return new ProcessorPayment(
            intent.Id,
            Outcome(intent),
            StripeMoney.FromStripe(intent.Amount, intent.Currency),
            StripeMoney.FromStripe(intent.AmountReceived, intent.Currency),
            charge is null ? null : StripeMoney.FromStripe(charge.AmountRefunded, intent.Currency),
            intent.Currency,
            Reference(intent.Metadata),
            intent.LatestCharge?.Id,
            charge?.PaymentMethodDetails?.Card is { Brand: { } brand, Last4: { } last4 } ? new PaymentCard(brand, last4) : null,
            DateTimeOffset.FromUnixTimeSeconds(intent.Created),
            charge?.BalanceTransaction?.Value is { } settled && settled.Currency == intent.Currency
                ? StripeMoney.FromStripe(settled.Fee, settled.Currency)
                : null);
    }

    public static ProcessorRefund Refund(StripeRefund refund)
    {
        Expect(refund.Object, "refund");
        return new ProcessorRefund(
            refund.Id,
            refund.Status switch
            {
                "succeeded" => new RefundOutcome.Succeeded(),
                "pending" or "requires_action" => new RefundOutcome.Pending(),
                "failed" => new RefundOutcome.Failed(refund.FailureReason),
                "canceled" => new RefundOutcome.Canceled(),
                _ => throw new JsonException($"A refund with status {refund.Status}."),
            },
            refund.PaymentIntent?.Id,
            refund.Charge?.Id,
            Id(refund.Metadata, RefundId),
            StripeMoney.FromStripe(refund.Amount, refund.Currency),
            refund.Currency,
            DateTimeOffset.FromUnixTimeSeconds(refund.Created),
            refund.Metadata is { } metadata ? Reference(metadata) : null);
    }

    public static ProcessorEvent Event(StripeEvent happened)
    {
        Expect(happened.Object, "event");
        var subject = happened.Data.Object;
        if (subject.ValueKind is not JsonValueKind.Object) throw new JsonException("An event without an object.");
        var kind = subject.TryGetProperty("object", out var name) && name.ValueKind is JsonValueKind.String ? name.GetString() : null;
        return new ProcessorEvent(
            happened.Id,
            happened.Type,
            DateTimeOffset.FromUnixTimeSeconds(happened.Created),
            happened.Livemode,
            kind switch
            {
                "payment_intent" => new ProcessorEventSubject.Payment(Payment(Read(subject, StripeWire.Default.StripePaymentIntent))),
                "refund" => new ProcessorEventSubject.Refund(Refund(Read(subject, StripeWire.Default.StripeRefund))),
                "charge" => Charge(Read(subject, StripeWire.Default.StripeCharge)),
                "dispute" => new ProcessorEventSubject.Dispute(Dispute(Read(subject, StripeWire.Default.StripeDispute))),
                _ => new ProcessorEventSubject.Other(),
            });
    }

    private static PaymentOutcome Outcome(StripePaymentIntent intent) => intent.Status switch
    {
        "succeeded" => new PaymentOutcome.Succeeded(intent.LatestCharge?.Id ?? throw new JsonException("A paid payment without a charge.")),
        "requires_action" => new PaymentOutcome.RequiresAction(intent.NextAction?.RedirectToUrl?.Url, Secret(intent)),
        "requires_confirmation" => new PaymentOutcome.RequiresAction(null, Secret(intent)),
        "requires_payment_method" when intent.LastPaymentError is { } error => Declined(error),
        "requires_payment_method" => new PaymentOutcome.RequiresPaymentMethod(Secret(intent)),
        // We never ask for a manual capture; somebody may have in the dashboard, and the money is not here yet.
        "processing" or "requires_capture" => new PaymentOutcome.Processing(),
        "canceled" => new PaymentOutcome.Canceled(intent.CancellationReason),
        _ => throw new JsonException($"A payment with status {intent.Status}."),
    };

    public static PaymentOutcome.Declined Declined(StripeError error) =>
        new(error.Code ?? error.Type, error.Message ?? "The payment was declined.", error.DeclineCode);

    public static PaymentReference? Reference(IReadOnlyDictionary<string, string> metadata) =>
        Id(metadata, PaymentId) is { } payment && Id(metadata, OrderId) is { } order
            ? new PaymentReference(payment, order, Id(metadata, EventId), Id(metadata, OrganizationId))
            : null;

    private static ProcessorEventSubject.Charge Charge(StripeCharge charge) => new(
        charge.Id, charge.PaymentIntent?.Id, StripeMoney.FromStripe(charge.Amount, charge.Currency),
        StripeMoney.FromStripe(charge.AmountRefunded, charge.Currency), charge.Currency, charge.Disputed);

    /// <summary>What moved for a dispute, its balance transactions say: one that takes, and perhaps one that gives back.</summary>
    public static ProcessorDispute Dispute(StripeDispute dispute)
    {
        Expect(dispute.Object, "dispute");
        var moved = dispute.BalanceTransactions.Where(transaction => transaction.Currency == dispute.Currency).ToList();
        return new ProcessorDispute(
            dispute.Id, dispute.Charge.Id, dispute.PaymentIntent?.Id, Money(dispute.Amount), dispute.Currency, dispute.Reason, dispute.Status,
            DateTimeOffset.FromUnixTimeSeconds(dispute.Created),
            dispute.EvidenceDetails?.DueBy is { } due ? DateTimeOffset.FromUnixTimeSeconds(due) : null,
            Money(-moved.Sum(transaction => Math.Min(transaction.Amount, 0))), Money(moved.Sum(transaction => Math.Max(transaction.Amount, 0))),
            Money(moved.Sum(transaction => Math.Max(transaction.Fee, 0))), Money(-moved.Sum(transaction => Math.Min(transaction.Fee, 0))));

        long Money(long amount) => StripeMoney.FromStripe(amount, dispute.Currency);
    }

    public static ProcessorMovement Movement(StripeBalanceTransaction transaction)
    {
        Expect(transaction.Object, "balance_transaction");
        return new ProcessorMovement(
            transaction.Id,
            transaction.Source,
            transaction switch
            {
                { Type: "charge" or "payment" } => ProcessorMovementKind.Charge,
                { Type: "refund" or "payment_refund" } => ProcessorMovementKind.Refund,
                { Type: "refund_failure" or "payment_failure_refund" } => ProcessorMovementKind.RefundReturn,
                { Type: "adjustment", Source: { } source } when source.StartsWith("dp_", StringComparison.Ordinal) || source.StartsWith("du_", StringComparison.Ordinal) =>
                    transaction.Amount < 0 ? ProcessorMovementKind.Dispute : ProcessorMovementKind.DisputeWon,
                _ => ProcessorMovementKind.Other,
            },
            StripeMoney.FromStripe(transaction.Amount, transaction.Currency),
            StripeMoney.FromStripe(transaction.Fee, transaction.Currency),
            transaction.Currency,
            DateTimeOffset.FromUnixTimeSeconds(transaction.Created));
    }

    private static string Secret(StripePaymentIntent intent) => intent.ClientSecret ?? throw new JsonException("A payment without a client secret.");

    private static Guid? Id(IReadOnlyDictionary<string, string>? metadata, string key) =>
        metadata is not null && metadata.TryGetValue(key, out var text) && Guid.TryParse(text, out var id) ? id : null;

    private static T Read<T>(JsonElement element, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> shape)
        where T : class => element.Deserialize(shape) ?? throw new JsonException("null");

    private static void Expect(string actual, string wanted)
    {
        if (actual != wanted) throw new JsonException($"A {actual} where a {wanted} should be.");
    }
}
