namespace EventFly.Contracts.Events;

/// <summary>The event will not take place. Whoever paid gets the money back.</summary>
[Contract("events", "EventCancelled")]
public sealed record EventCancelled(Guid EventId, Guid OrganizationId, string Reason);
