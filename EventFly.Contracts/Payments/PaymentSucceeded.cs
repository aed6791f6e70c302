namespace EventFly.Contracts.Payments;

/// <summary>Money came in for an order.</summary>
/// <param name="Amount">In minor units of the currency.</param>
[Contract("payments", "PaymentSucceeded")]
public sealed record PaymentSucceeded(
    Guid PaymentId, Guid OrderId, Guid EventId, Guid OrganizationId, long Amount, string Currency);
