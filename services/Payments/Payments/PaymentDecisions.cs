using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.EventStore;

namespace EventFly.Payments.Payments;

/// <param name="Refusal">Why not, or not yet.</param>
internal readonly record struct Settled(Payment Payment, Refusal? Refusal);

/// <summary>Takes decisions on payments, and counts and logs what came of them.</summary>
internal sealed partial class PaymentDecisions(Streams streams, ILogger<PaymentDecisions> logger)
{
    public async Task<Payment> Read(Guid paymentId, CancellationToken cancellationToken) =>
        (await streams.Read<Payment, PaymentEvent>(PaymentStream.Of(paymentId), cancellationToken)).State;

    public async Task<Settled> Decide(Guid paymentId, Func<Payment, Decision<PaymentEvent>> decide, CancellationToken cancellationToken)
    {
        IReadOnlyList<PaymentEvent> happened = [];
        var (payment, refusal) = await streams.Decide<Payment, PaymentEvent>(
            PaymentStream.Of(paymentId),
            state =>
            {
                var decision = decide(state);
                happened = decision.Events;
                return decision;
            },
            cancellationToken);
        if (refusal is not null) return new Settled(payment, refusal);

        foreach (var one in happened) Count(paymentId, payment, one);
        return new Settled(payment, null);
    }

    private void Count(Guid paymentId, Payment payment, PaymentEvent happened)
    {
        switch (happened)
        {
            case PaymentSucceeded paid:
                PaymentMetrics.PaymentSettled("succeeded");
                if (payment.Start is { } start && (paid.Amount != start.Amount || paid.Currency != start.Currency)) OtherAmount(logger, paymentId);
                break;
            case PaymentFailed:
                PaymentMetrics.PaymentSettled("failed");
                break;
            case PaymentCancelled:
                PaymentMetrics.PaymentSettled("cancelled");
                break;
            case RefundSucceeded:
                PaymentMetrics.RefundSettled("succeeded");
                break;
            case RefundFailed failed:
                PaymentMetrics.RefundSettled("failed");
                RefundDidNotGo(logger, failed.RefundId, paymentId, failed.Code);
                break;
            case DisputeSeen dispute:
                PaymentMetrics.DisputeHeardOf(dispute.Status);
                Disputed(logger, paymentId, dispute.DisputeId, dispute.Status);
                break;
            default:
                break;
        }
    }

    [LoggerMessage(LogLevel.Error, "Payment {PaymentId} brought another amount than was asked for.")]
    private static partial void OtherAmount(ILogger logger, Guid paymentId);

    [LoggerMessage(LogLevel.Error, "Refund {RefundId} of payment {PaymentId} failed: {Code}.")]
    private static partial void RefundDidNotGo(ILogger logger, Guid refundId, Guid paymentId, string code);

    [LoggerMessage(LogLevel.Warning, "Payment {PaymentId} is disputed ({DisputeId}, {Status}).")]
    private static partial void Disputed(ILogger logger, Guid paymentId, string disputeId, string status);
}
