namespace EventFly.Contracts.Payments;

/// <summary>The bank has decided. It may come without, or before, the news that there was a dispute.</summary>
/// <param name="DisputeId">The processor's.</param>
/// <param name="Amount">In minor units of the currency.</param>
/// <param name="Outcome">won: the money came back; lost: it is gone.</param>
[Contract("payments", "DisputeClosed")]
public sealed record DisputeClosed(
    string DisputeId, Guid PaymentId, Guid OrderId, Guid EventId, Guid OrganizationId, long Amount, string Currency, string Outcome);
