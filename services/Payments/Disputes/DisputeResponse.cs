namespace EventFly.Payments.Disputes;

/// <param name="Amount">In minor units.</param>
/// <param name="Reason">The bank's word, for example fraudulent.</param>
/// <param name="Status">needs_response, under_review, won, lost, or a warning.</param>
/// <param name="EvidenceDueBy">Until when the bank listens to the seller.</param>
/// <param name="Refunded">What of the payment had gone back to the buyer in other ways.</param>
public sealed record DisputeResponse(
    string DisputeId, Guid PaymentId, Guid OrderId, Guid EventId, Guid OrganizationId, long Amount, string Currency, string Reason, string Status,
    DateTimeOffset? EvidenceDueBy, long Withdrawn, long Reinstated, long Fee, long Refunded, DateTimeOffset OpenedAt, DateTimeOffset ChangedAt)
{
    internal static DisputeResponse Of(DisputeView dispute) => new(
        dispute.DisputeId, dispute.PaymentId, dispute.OrderId, dispute.EventId, dispute.OrganizationId, dispute.Amount, dispute.Currency, dispute.Reason,
        dispute.Status, dispute.EvidenceDueBy, dispute.Withdrawn, dispute.Reinstated, dispute.Fee, dispute.Refunded, dispute.OpenedAt, dispute.ChangedAt);
}
