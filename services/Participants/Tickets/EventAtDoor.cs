using EventFly.BuildingBlocks.Documents;

namespace EventFly.Participants.Tickets;

/// <summary>What a ticket and a door have to know of an event.</summary>
/// <param name="Name">Empty while only the cancellation was heard of.</param>
/// <param name="Revision">Version of the event at its organiser; 0 while only the cancellation was heard of.</param>
internal sealed record EventAtDoor(
    Guid EventId, Guid OrganizationId, string Name, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string? Venue, bool Cancelled, long Revision)
{
    public static DocumentType<EventAtDoor> Type { get; } = new("events_at_door", at => at.EventId.ToString());
}
