using EventFly.BuildingBlocks.Documents;
using EventFly.Payments.Payments;

namespace EventFly.Payments.Disputes;

/// <summary>Writes the list of disputes from what the payments' streams say.</summary>
internal sealed class KeepDisputes(Documents<DisputeView> disputes, TimeProvider clock)
{
    public async Task Keep(Payment payment, string disputeId, CancellationToken cancellationToken)
    {
        if (payment is not { Start: { } start } || payment.Disputes.GetValueOrDefault(disputeId) is not { } dispute) return;
        var now = clock.GetUtcNow();
        var (_, refusal) = await disputes.Change(
            disputeId,
            known => new DisputeView(
                disputeId, start.PaymentId, start.OrderId, start.EventId, start.OrganizationId, dispute.Amount, start.Currency, dispute.Reason,
                dispute.Status, dispute.EvidenceDueBy, dispute.Withdrawn, dispute.Reinstated, dispute.Fee - dispute.FeeReturned, payment.Refunded,
                dispute.IsClosed, known?.Body.OpenedAt ?? now, now),
            cancellationToken);
        if (refusal is not null) throw new InvalidOperationException($"The dispute {disputeId} was not stored: {refusal.Code}");
    }
}
