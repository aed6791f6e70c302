using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;

namespace EventFly.Participants.Tickets;

/// <summary>What a ticket and a door have to know of an event.</summary>
/// <param name="Name">Empty while only the cancellation was heard of.</param>
/// <param name="Revision">Version of the event at its organiser; 0 while only the cancellation was heard of.</param>
internal sealed record EventAtDoor(
    Guid EventId, Guid OrganizationId, string Name, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string? Venue, bool Cancelled, long Revision)
{
    public static DocumentType<EventAtDoor> Type { get; } = new("events_at_door", at => at.EventId.ToString());

    public static Refusal Unknown { get; } = Refusal.NotFound("event-unknown", "There is no such event.");
}

internal static class EventsAtDoor
{
    /// <summary>A stranger's event looks like none.</summary>
    public static async Task<Document<EventAtDoor>?> Own(
        this Documents<EventAtDoor> events, Guid eventId, CurrentUser user, CancellationToken cancellationToken) =>
        await events.Get(eventId.ToString(), cancellationToken) is { } found && user.ActsFor(found.Body.OrganizationId) ? found : null;
}
