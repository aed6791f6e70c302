namespace EventFly.Contracts.Payments;

/// <summary>A buyer's bank asks for the money of a paid order. It may be said again while the dispute goes on.</summary>
/// <param name="DisputeId">The processor's.</param>
/// <param name="Amount">In minor units of the currency.</param>
/// <param name="Reason">The bank's word, for example fraudulent or product_not_received.</param>
/// <param name="EvidenceDueBy">Until when the bank listens to the seller; null where it does not say.</param>
[Contract("payments", "PaymentDisputed")]
public sealed record PaymentDisputed(
    string DisputeId, Guid PaymentId, Guid OrderId, Guid EventId, Guid OrganizationId, long Amount, string Currency, string Reason,
    DateTimeOffset? EvidenceDueBy);
