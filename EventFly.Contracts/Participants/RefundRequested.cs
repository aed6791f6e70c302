namespace EventFly.Contracts.Participants;

/// <summary>Money goes back. The same refund id is always the same refund.</summary>
/// <param name="Amount">In minor units of the currency.</param>
/// <param name="Reason">sale-refused, surplus-payment, requested, event-cancelled or order-changed.</param>
[Contract("participants", "RefundRequested")]
public sealed record RefundRequested(
    Guid RefundId, Guid PaymentId, Guid OrderId, Guid EventId, Guid OrganizationId, long Amount, string Currency, string Reason);
