using EventFly.BuildingBlocks.Decisions;
using EventFly.Payments.Alerts;
using EventFly.Payments.Disputes;
using EventFly.Payments.Payments;
using EventFly.Payments.Processor;
using EventFly.Payments.Refunds;

namespace EventFly.Payments.Webhook;

/// <summary>
/// What the processor tells on its own. Each event takes effect once, remembered in the commit of its effect; one that comes twice, late or out of
/// order changes nothing.
/// </summary>
internal sealed class TakeProcessorEvent(
    PaymentDecisions payments, TakePayment taking, MakeRefund refunds, KeepDisputes disputes, AlertBell bell, IPaymentProcessor processor,
    TimeProvider clock)
{
    /// <summary>Returns once the effect is stored. A refusal: not now, deliver it again.</summary>
    public Task<Refusal?> Take(ProcessorEvent happened, CancellationToken cancellationToken) => happened.Subject switch
    {
        ProcessorEventSubject.Payment payment => Take(happened, payment.State, cancellationToken),
        ProcessorEventSubject.Refund refund => Take(happened, refund.State, cancellationToken),
        ProcessorEventSubject.Dispute dispute => Take(happened, dispute.State, cancellationToken),
        // What a charge.refunded tells, the refund's own events tell too, with the refund's id.
        _ => Nothing(),
    };

    private async Task<Refusal?> Take(ProcessorEvent happened, ProcessorPayment state, CancellationToken cancellationToken)
    {
        if (state.Reference is not { } reference) return await NotOurs(state, cancellationToken);
        await taking.LetTheAnswerBeFirst(reference.PaymentId, cancellationToken);
        if (state.Outcome is PaymentOutcome.Succeeded && taking.HasJustPaid(reference.PaymentId, state.Id)) return await Nothing();

        var taken = Taken(happened);
        var (payment, refusal) = await Decide(
            happened, reference.PaymentId, known => known.Start is null ? Decision.Nothing : known.Take(taken, ours => ours.Hear(state)), cancellationToken);
        if (refusal is not null) return refusal;

        // A second charge for one payment is as strange as a charge for none.
        if (payment.Start is null || (state.Outcome is PaymentOutcome.Succeeded && payment.ProcessorId != state.Id))
        {
            return await NotOurs(state, cancellationToken);
        }

        if (payment.HasOutcome) await taking.LeaveUnlessOpen(payment.Start.OrderId, reference.PaymentId, payment, cancellationToken);
        return null;
    }

    private async Task<Refusal?> Take(ProcessorEvent happened, ProcessorRefund state, CancellationToken cancellationToken)
    {
        if (await PaymentOf(state.PaymentId, state.Reference, cancellationToken) is not { } paymentId) return await Nothing();

        var taken = Taken(happened);
        var (payment, refusal) = await Decide(
            happened,
            paymentId,
            known => known.Take(taken, ours => state.RefundId is { } refundId && ours.RefundOf(refundId) is not null
                ? ours.HearRefund(refundId, state)
                : ours.SeeOutsideRefund(state.Id, state.Amount, ProcessorAnswers.StatusOf(state.Outcome))),
            cancellationToken);
        if (refusal is null && state.RefundId is { } id && payment.RefundOf(id) is { Status: RefundStatus.Succeeded or RefundStatus.Failed })
        {
            await refunds.Conclude(id, payment, cancellationToken);
        }
        else if (refusal is null && payment.Start is { } start)
        {
            await taking.Book(start.OrderId, paymentId, payment, cancellationToken);
        }

        return refusal;
    }

    private async Task<Refusal?> Take(ProcessorEvent happened, ProcessorDispute dispute, CancellationToken cancellationToken)
    {
        if (await PaymentOf(dispute.PaymentId, null, cancellationToken) is not { } paymentId) return await Nothing();

        var taken = Taken(happened);
        var (payment, refusal) = await Decide(happened, paymentId, known => known.Take(taken, ours => ours.HearDispute(dispute)), cancellationToken);
        if (refusal is null && payment.Start is { } start)
        {
            await taking.Book(start.OrderId, paymentId, payment, cancellationToken);
            await disputes.Keep(payment, dispute.Id, cancellationToken);
        }

        return refusal;
    }

    private async Task<Settled> Decide(
        ProcessorEvent happened, Guid paymentId, Func<Payment, Decision<PaymentEvent>> decide, CancellationToken cancellationToken)
    {
        var hasEffect = false;
        var settled = await payments.Decide(
            paymentId,
            state =>
            {
                var decision = decide(state);
                hasEffect = decision.Events.Count > 0;
                return decision;
            },
            cancellationToken);
        if (settled.Refusal is null) PaymentMetrics.WebhookTaken(hasEffect ? "effect" : "nothing", hasEffect ? clock.GetUtcNow() - happened.CreatedAt : null);
        return settled;
    }

    /// <summary>Which payment of ours a payment at the processor is. Null: none.</summary>
    private async Task<Guid?> PaymentOf(string? processorId, PaymentReference? reference, CancellationToken cancellationToken)
    {
        if (reference is null && processorId is not null)
        {
            reference = (await processor.FetchPayment(processorId, cancellationToken)).Payment?.Reference;
        }

        return reference is not null && (await payments.Read(reference.PaymentId, cancellationToken)).Start is not null ? reference.PaymentId : null;
    }

    private async Task<Refusal?> NotOurs(ProcessorPayment state, CancellationToken cancellationToken)
    {
        PaymentMetrics.WebhookTaken("not-ours");
        if (state.Outcome is not PaymentOutcome.Succeeded paid) return null;

        await bell.Raise(
            AlertKind.UnclaimedCharge, state.Id, $"The charge {paid.ChargeId} belongs to no payment of ours.", cancellationToken,
            state.Reference?.OrganizationId, state.Reference?.OrderId, state.Reference?.PaymentId, state.AmountReceived, state.Currency.ToUpperInvariant());
        return null;
    }

    private static Task<Refusal?> Nothing()
    {
        PaymentMetrics.WebhookTaken("nothing");
        return Task.FromResult<Refusal?>(null);
    }

    private static ProcessorEventTaken Taken(ProcessorEvent happened) => new(happened.Id, happened.Type, happened.CreatedAt);
}
