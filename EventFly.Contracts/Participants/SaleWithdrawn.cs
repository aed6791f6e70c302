namespace EventFly.Contracts.Participants;

/// <summary>The event of an order was cancelled: the order is closed, or its money goes back.</summary>
[Contract("participants", "SaleWithdrawn")]
public sealed record SaleWithdrawn(Guid OrderId, Guid EventId, string Reason);
