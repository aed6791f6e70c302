namespace EventFly.Contracts.Payments;

/// <summary>An attempt to pay came to nothing. The order stays open for another until its deadline.</summary>
/// <param name="Code">The processor's decline code, for example card_declined or insufficient_funds.</param>
[Contract("payments", "PaymentFailed")]
public sealed record PaymentFailed(Guid PaymentId, Guid OrderId, string Code);
