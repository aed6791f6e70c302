namespace EventFly.Contracts.Payments;

/// <summary>Money could not go back; somebody has to look.</summary>
[Contract("payments", "RefundFailed")]
public sealed record RefundFailed(Guid RefundId, Guid PaymentId, Guid OrderId, string Code);
