using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Participants;
using EventFly.Payments.Payments;

namespace EventFly.Payments.Refunds;

/// <summary>
/// Noted, then paid back at once. Where the processor does not answer, or the payment is not known to have come in yet,
/// <see cref="SettleOpenRefunds"/> goes on.
/// </summary>
internal sealed class WhenRefundRequested(
    PaymentDecisions payments, Documents<PendingRefund> pending, MakeRefund refunds, TimeProvider clock) : IHandle<RefundRequested>
{
    public async Task Handle(RefundRequested message, MessageContext context, CancellationToken cancellationToken)
    {
        var payment = await payments.Read(message.PaymentId, cancellationToken);
        if (payment.RefundOf(message.RefundId) is { Status: RefundStatus.Succeeded or RefundStatus.Failed }) return;

        var (noted, refusal) = await pending.Change(
            PendingRefund.IdOf(message.RefundId),
            known => known is null
                ? new PendingRefund(message.RefundId, message.PaymentId, message.Amount, message.Currency, message.Reason, clock.GetUtcNow())
                : Decision.Nothing,
            cancellationToken);
        if (refusal is not null) throw new InvalidOperationException($"The refund {message.RefundId} was not stored: {refusal.Code}");

        await refunds.Settle(noted!.Body, cancellationToken);
    }
}
