using EventFly.BuildingBlocks.Documents;

namespace EventFly.Payments.Payments;

/// <summary>Money came in at the processor, and no payment of ours stands behind it. Somebody has to look; there should be none.</summary>
/// <param name="Amount">In minor units.</param>
/// <param name="PaymentId">What the processor says that it was for, where it says that.</param>
public sealed record UnclaimedCharge(
    string ProcessorId, string ChargeId, long Amount, string Currency, Guid? PaymentId, Guid? OrderId, DateTimeOffset HeardAt)
{
    public static DocumentType<UnclaimedCharge> Type { get; } = new("unclaimed_charges", charge => charge.ProcessorId);
}
