namespace EventFly.Contracts.Events;

/// <summary>A published event was edited. Carries the whole of it, so that the last one heard is enough.</summary>
[Contract("events", "EventChanged")]
public sealed record EventChanged(
    Guid EventId,
    Guid OrganizationId,
    string Name,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string? Venue,
    IReadOnlyList<TicketTypeTerms> TicketTypes);
