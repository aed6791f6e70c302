using EventFly.BuildingBlocks.Documents;

namespace EventFly.Payments.Disputes;

/// <summary>A dispute as the seller sees it.</summary>
/// <param name="DisputeId">The processor's.</param>
/// <param name="Amount">In minor units.</param>
/// <param name="Reason">The bank's word.</param>
/// <param name="Status">The processor's word: needs_response, under_review, won, lost, or a warning.</param>
/// <param name="EvidenceDueBy">Until when the bank listens to the seller.</param>
/// <param name="Withdrawn">What has gone, without fees.</param>
/// <param name="Reinstated">What has come back.</param>
/// <param name="Refunded">What of the payment had gone back to the buyer in other ways.</param>
public sealed record DisputeView(
    string DisputeId, Guid PaymentId, Guid OrderId, Guid EventId, Guid OrganizationId, long Amount, string Currency, string Reason, string Status,
    DateTimeOffset? EvidenceDueBy, long Withdrawn, long Reinstated, long Fee, long Refunded, bool IsClosed, DateTimeOffset OpenedAt, DateTimeOffset ChangedAt)
{
    public static DocumentType<DisputeView> Type { get; } = new DocumentType<DisputeView>("disputes", dispute => dispute.DisputeId)
        .Text("organizationId", dispute => dispute.OrganizationId.ToString("N"))
        .Boolean("isClosed", dispute => dispute.IsClosed)
        .Time("openedAt", dispute => dispute.OpenedAt)
        .Index("organizationId", "openedAt")
        .Index("openedAt");
}
