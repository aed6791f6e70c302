using EventFly.BuildingBlocks.Documents;

namespace EventFly.Events.Events;

/// <summary>How events are stored and found.</summary>
internal static class EventDocument
{
    public static DocumentType<Event> Type { get; } = new DocumentType<Event>("events", stored => stored.EventId.ToString())
        .Text("organizationId", stored => stored.OrganizationId.ToString())
        .Text("status", stored => stored.Status.ToString())
        .Boolean("listed", stored => stored is { Status: EventStatus.Published, Details.Visibility: Visibility.Public })
        .Text("name", stored => SearchName(stored.Details.Name))
        .Time("startsAt", stored => stored.Details.StartsAt)
        .Time("endsAt", stored => stored.Details.EndsAt)
        .Texts("tags", stored => stored.Details.Tags)
        .Number("latitude", stored => stored.Details.Venue?.Latitude)
        .Number("longitude", stored => stored.Details.Venue?.Longitude)
        .Index("listed", "startsAt")
        .Index("organizationId", "startsAt");

    /// <summary>A name as it is searched for: capitals do not matter.</summary>
    public static string SearchName(string name) => name.Trim().ToLowerInvariant();
}
