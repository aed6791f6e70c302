using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Events.Events;

/// <summary>How far an event has come.</summary>
public enum EventStatus
{
    /// <summary>Seen by its organisation only.</summary>
    Draft,

    /// <summary>Everybody may see it, and its tickets are for sale.</summary>
    Published,

    /// <summary>It will not take place. For good.</summary>
    Cancelled,
}

/// <summary>An event and its kinds of tickets: one document, so that what is published together is true together.</summary>
public sealed record Event(
    Guid EventId,
    Guid OrganizationId,
    EventStatus Status,
    EventDetails Details,
    IReadOnlyList<TicketType> TicketTypes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? PublishedAt = null,
    DateTimeOffset? CancelledAt = null,
    string? CancellationReason = null)
{
    public const int MaxTicketTypes = 50;

    public static Refusal None { get; } = Refusal.NotFound("event-not-found", "There is no such event.");

    private static readonly Refusal IsCancelled = Refusal.Conflict("event-cancelled", "The event is cancelled: nothing about it changes any more.");

    public static Change<Event> Draft(Guid eventId, Guid organizationId, EventDetails details, DateTimeOffset now) =>
        new Event(eventId, organizationId, EventStatus.Draft, details, [], now);

    public Change<Event> Edit(EventDetails details, DateTimeOffset now) => Status switch
    {
        EventStatus.Cancelled => IsCancelled,
        EventStatus.Published when details.StartsAt != Details.StartsAt && details.StartsAt <= now =>
            Refusal.Unprocessable("start-in-past", "A published event can only be moved to a time in the future.", "startsAt"),
        _ => (this with { Details = details }).Announced(),
    };

    public Change<Event> Publish(DateTimeOffset now) => Status switch
    {
        EventStatus.Published => Decision.Nothing,
        EventStatus.Cancelled => IsCancelled,
        _ when TicketTypes.Count == 0 => Refusal.Conflict("no-ticket-types", "Add a ticket type before you publish the event."),
        _ when Details.StartsAt <= now => Refusal.Conflict("start-in-past", "The event has begun already: give it a start in the future."),
        _ => (this with { Status = EventStatus.Published, PublishedAt = now }).Announced(isNew: true),
    };

    public Change<Event> Cancel(string reason, DateTimeOffset now) => Status switch
    {
        EventStatus.Cancelled => Decision.Nothing,
        EventStatus.Draft => Refusal.Conflict("event-not-published", "Nobody knows of this event yet: delete the draft instead."),
        _ => (this with { Status = EventStatus.Cancelled, CancelledAt = now, CancellationReason = reason }).Announced(),
    };

    public Change<Event> Delete() => Status is EventStatus.Draft
        ? Change.Delete<Event>()
        : Refusal.Conflict("event-published", "An event that was published stays: cancel it instead.");

    public Change<Event> SetTicketType(TicketType wanted)
    {
        var others = TicketTypes.Where(type => type.TicketTypeId != wanted.TicketTypeId).ToArray();
        var isNew = others.Length == TicketTypes.Count;
        return Status switch
        {
            EventStatus.Cancelled => IsCancelled,
            _ when isNew && TicketTypes.Count >= MaxTicketTypes =>
                Refusal.Conflict("too-many-ticket-types", $"An event has at most {MaxTicketTypes} ticket types."),
            _ when others.Any(type => type.Currency != wanted.Currency) =>
                Refusal.Conflict("currency-differs", $"All tickets of this event are sold in {others[0].Currency}.") with { Field = "currency" },
            EventStatus.Published when !isNew && Find(wanted.TicketTypeId)!.Currency != wanted.Currency =>
                Refusal.Conflict("currency-fixed", "The currency stays as it was when the event was published.") with { Field = "currency" },
            _ => (this with { TicketTypes = [.. others.Append(wanted).OrderBy(type => type.Position).ThenBy(type => type.TicketTypeId)] }).Announced(),
        };
    }

    public Change<Event> RemoveTicketType(Guid ticketTypeId) => Status switch
    {
        _ when Find(ticketTypeId) is null => Decision.Nothing,
        EventStatus.Cancelled => IsCancelled,
        EventStatus.Published => Refusal.Conflict(
            "ticket-type-published", "Tickets of this type may be sold already. Close its sale by giving it an end (salesUntil)."),
        _ => this with { TicketTypes = [.. TicketTypes.Where(type => type.TicketTypeId != ticketTypeId)] },
    };

    public TicketType? Find(Guid ticketTypeId) => TicketTypes.FirstOrDefault(type => type.TicketTypeId == ticketTypeId);
}
