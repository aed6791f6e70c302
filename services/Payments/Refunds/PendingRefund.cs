using EventFly.BuildingBlocks.Documents;

namespace EventFly.Payments.Refunds;

/// <summary>A refund without an outcome, so that the sweep finds it. What became of it is for the payment's stream to say.</summary>
/// <param name="Amount">In minor units.</param>
public sealed record PendingRefund(Guid RefundId, Guid PaymentId, long Amount, string Currency, string Reason, DateTimeOffset Since)
{
    public static DocumentType<PendingRefund> Type { get; } = new DocumentType<PendingRefund>("pending_refunds", refund => IdOf(refund.RefundId))
        .Time("since", refund => refund.Since)
        .Index("since");

    public static string IdOf(Guid refundId) => refundId.ToString("N");
}
