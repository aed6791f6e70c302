namespace EventFly.Payments.Payments;

/// <param name="ActionUrl">The bank's page, while the status is requiresAction.</param>
/// <param name="Code">Why it failed or was cancelled, for example card_declined.</param>
/// <param name="Message">The same for the buyer.</param>
/// <param name="Amount">In minor units.</param>
/// <param name="RefundedAmount">What went back so far, in minor units.</param>
public sealed record PaymentResponse(
    Guid PaymentId, Guid OrderId, PaymentStatus Status, Uri? ActionUrl, string? Code, string? Message, long Amount, string Currency,
    DateTimeOffset StartedAt, long RefundedAmount, IReadOnlyList<RefundResponse> Refunds)
{
    internal static PaymentResponse Of(Payment payment) => new(
        payment.Start!.PaymentId, payment.Start.OrderId, payment.Status, payment.ActionUrl, payment.Code, payment.Message,
        payment.Start.Amount, payment.Start.Currency, payment.Start.At, payment.Refunded,
        [.. payment.Refunds.Select(refund => new RefundResponse(
            refund.RefundId, refund.Amount, refund.Status, refund.Reason, refund.Code, refund.At))]);
}

/// <param name="Reason">sale-refused, surplus-payment, requested or event-cancelled.</param>
/// <param name="Code">Why it failed.</param>
public sealed record RefundResponse(Guid RefundId, long Amount, RefundStatus Status, string Reason, string? Code, DateTimeOffset RequestedAt);
