using EventFly.BuildingBlocks.EventStore;
using Told = EventFly.Contracts.Payments;

namespace EventFly.Payments.Payments;

internal static class PaymentStream
{
    public static StreamDefinition<Payment, PaymentEvent> Definition { get; } = new(
        "payment",
        new EventNames<PaymentEvent>()
            .Add<PaymentStarted>("payment-started")
            .Add<PaymentRequiresAction>("payment-requires-action")
            .Add<PaymentProcessing>("payment-processing")
            .Add<PaymentSucceeded>("payment-succeeded")
            .Add<ProcessorFeeSeen>("processor-fee-seen")
            .Add<PaymentFailed>("payment-failed")
            .Add<PaymentCancelled>("payment-cancelled")
            .Add<RefundStarted>("refund-started")
            .Add<RefundAccepted>("refund-accepted")
            .Add<RefundSucceeded>("refund-succeeded")
            .Add<RefundFailed>("refund-failed")
            .Add<OutsideRefundSeen>("outside-refund-seen")
            .Add<DisputeSeen>("dispute-seen")
            .Add<ProcessorEventTaken>("processor-event-taken"),
        Announce);

    public static string Of(Guid paymentId) => Definition.StreamOf(paymentId);

    private static IEnumerable<object> Announce(PaymentEvent happened, Payment payment) => (happened, payment.Start) switch
    {
        (PaymentSucceeded paid, { } start) =>
            [new Told.PaymentSucceeded(start.PaymentId, start.OrderId, start.EventId, start.OrganizationId, paid.Amount, paid.Currency)],
        (PaymentFailed failed, { } start) => [new Told.PaymentFailed(start.PaymentId, start.OrderId, failed.Code)],
        (PaymentCancelled, { } start) => [new Told.PaymentFailed(start.PaymentId, start.OrderId, "cancelled")],
        (RefundSucceeded refund, { } start) =>
            [new Told.RefundSucceeded(refund.RefundId, start.PaymentId, start.OrderId, refund.Amount, start.Currency)],
        (RefundFailed refund, { } start) => [new Told.RefundFailed(refund.RefundId, start.PaymentId, start.OrderId, refund.Code)],
        (DisputeSeen seen, { } start) => AnnounceDispute(seen, payment.Disputes[seen.DisputeId], start),
        _ => [],
    };

    /// <summary>A warning is a question of the bank; nobody has to act on it here.</summary>
    private static IEnumerable<object> AnnounceDispute(DisputeSeen seen, Dispute dispute, PaymentStarted start) => dispute.Status switch
    {
        "won" or "lost" =>
        [
            new Told.DisputeClosed(
                seen.DisputeId, start.PaymentId, start.OrderId, start.EventId, start.OrganizationId, dispute.Amount, start.Currency, dispute.Status),
        ],
        "needs_response" or "under_review" =>
        [
            new Told.PaymentDisputed(
                seen.DisputeId, start.PaymentId, start.OrderId, start.EventId, start.OrganizationId, dispute.Amount, start.Currency, dispute.Reason,
                dispute.EvidenceDueBy),
        ],
        _ => [],
    };
}
