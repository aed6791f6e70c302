using EventFly.BuildingBlocks.Decisions;
using EventFly.Payments.Processor;

namespace EventFly.Payments.Payments;

/// <summary>From what the processor says to what that means for the attempt.</summary>
internal static class ProcessorAnswers
{
    /// <summary>The answer to a question of ours: the state as it is now.</summary>
    public static Decision<PaymentEvent> Hear(this Payment payment, PaymentResult result) => result switch
    {
        { Payment: { } known, Outcome: PaymentOutcome.RequiresPaymentMethod } =>
            payment.Fail(known.Id, "payment_method_required", "The payment method was not taken."),
        { Payment: { } known, Outcome: PaymentOutcome.RequiresAction { Url: null } } => payment.RequireAction(known.Id, null),
        { Payment: { } known } => payment.Hear(known),
        { Outcome: PaymentOutcome.Declined declined } => payment.Fail(null, CodeOf(declined), declined.Message),
        { Outcome: PaymentOutcome.Rejected { Code: not "resource_missing" } odd } when payment.ProcessorId is not null =>
            throw new PaymentProcessorException($"The processor refuses to tell about {payment.ProcessorId}: {odd.Code}"),
        { Outcome: PaymentOutcome.Rejected rejected } => payment.Fail(null, rejected.Code, rejected.Message),
        _ => throw new InvalidOperationException($"The processor answers {result.Outcome.GetType().Name} without a payment."),
    };

    /// <summary>The state at some time, perhaps long ago.</summary>
    public static Decision<PaymentEvent> Hear(this Payment payment, ProcessorPayment state) => state.Outcome switch
    {
        PaymentOutcome.Succeeded paid => payment.Succeed(
            state.Id, paid.ChargeId, state.AmountReceived, state.Currency.ToUpperInvariant(), state.Fee),
        _ when payment.ProcessorId is { } mine && mine != state.Id => Decision.Nothing,
        // As it came into being, before our own request confirmed it: nobody can act on that.
        PaymentOutcome.RequiresAction { Url: null } => Decision.Nothing,
        PaymentOutcome.RequiresAction action => payment.RequireAction(state.Id, action.Url),
        PaymentOutcome.Processing => payment.Process(state.Id),
        PaymentOutcome.Declined declined => payment.Fail(state.Id, CodeOf(declined), declined.Message),
        PaymentOutcome.Canceled canceled => payment.Cancel(state.Id, canceled.Reason ?? "cancelled"),
        PaymentOutcome.Rejected rejected => payment.Fail(state.Id, rejected.Code, rejected.Message),
        _ => Decision.Nothing,
    };

    public static Decision<PaymentEvent> Hear(this Payment payment, Guid refundId, RefundResult result) => result switch
    {
        { Outcome: RefundOutcome.Rejected rejected } => payment.FailRefund(refundId, null, rejected.Code),
        { Refund: { } refund } => payment.HearRefund(refundId, refund),
        _ => throw new InvalidOperationException($"The processor answers {result.Outcome.GetType().Name} without a refund."),
    };

    public static Decision<PaymentEvent> HearRefund(this Payment payment, Guid refundId, ProcessorRefund refund) => refund.Outcome switch
    {
        RefundOutcome.Succeeded => payment.SucceedRefund(refundId, refund.Id),
        RefundOutcome.Pending => payment.AcceptRefund(refundId, refund.Id),
        RefundOutcome.Failed failed => payment.FailRefund(refundId, refund.Id, failed.Reason ?? "refund_failed"),
        RefundOutcome.Canceled => payment.FailRefund(refundId, refund.Id, "refund_canceled"),
        _ => Decision.Nothing,
    };

    public static Decision<PaymentEvent> HearDispute(this Payment payment, ProcessorDispute dispute) => payment.SeeDispute(
        new DisputeSeen(dispute.Id, dispute.ChargeId, dispute.Amount, dispute.Reason, dispute.Status)
        {
            EvidenceDueBy = dispute.EvidenceDueBy,
            Withdrawn = dispute.Withdrawn,
            Reinstated = dispute.Reinstated,
            Fee = dispute.Fee,
            FeeReturned = dispute.FeeReturned,
        });

    public static RefundStatus StatusOf(RefundOutcome outcome) => outcome switch
    {
        RefundOutcome.Succeeded => RefundStatus.Succeeded,
        RefundOutcome.Pending => RefundStatus.Processing,
        _ => RefundStatus.Failed,
    };

    /// <summary>The finer code, but nothing that would tell a thief what the bank knows.</summary>
    private static string CodeOf(PaymentOutcome.Declined declined) => declined.DeclineCode switch
    {
        null or "generic_decline" or "fraudulent" or "lost_card" or "stolen_card" or "pickup_card" or "merchant_blacklist" or "restricted_card"
            or "security_violation" => declined.Code,
        var finer => finer,
    };
}
