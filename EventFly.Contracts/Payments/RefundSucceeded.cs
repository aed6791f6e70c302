namespace EventFly.Contracts.Payments;

/// <summary>Money went back.</summary>
/// <param name="Amount">In minor units of the currency.</param>
[Contract("payments", "RefundSucceeded")]
public sealed record RefundSucceeded(Guid RefundId, Guid PaymentId, Guid OrderId, long Amount, string Currency);
