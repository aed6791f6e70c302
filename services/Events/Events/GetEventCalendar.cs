using System.Text;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Events;

/// <summary>A published or cancelled event for one's calendar. What is only for those who take part is not in it.</summary>
internal static class GetEventCalendar
{
    private const int LongestDescription = 1_000;

    public static void Map(RouteGroupBuilder events) =>
        events.MapGet("/{eventId:guid}/calendar.ics", Handle).AllowAnonymous().WithSummary("Read an event as iCalendar").Produces<string>(200, "text/calendar");

    private static async Task<Results<FileContentHttpResult, StatusCodeHttpResult, ProblemHttpResult>> Handle(
        Guid eventId, Documents<Event> events, TimeProvider clock, HttpContext http, CancellationToken cancellationToken)
    {
        if (await events.Get(eventId.ToString(), cancellationToken) is not { Body: { Status: not EventStatus.Draft } found } stored)
        {
            return Event.None.ToProblem();
        }

        http.Response.SetETag(stored.Version);
        http.Response.Headers.CacheControl = "public, max-age=60";
        if (http.Request.Has(stored.Version))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        var details = found.Details;
        var entry = new CalendarEntry(
            $"event-{eventId}@eventfly", stored.Version, clock.GetUtcNow(), details.StartsAt, details.EndsAt, details.Name, found.Status is EventStatus.Cancelled)
        {
            Description = details.Description.Length <= LongestDescription ? details.Description : details.Description[..LongestDescription] + "…",
            Location = found.Place(),
            Geo = details.Venue is { Latitude: { } latitude, Longitude: { } longitude } ? (latitude, longitude) : null,
        };
        return TypedResults.File(Encoding.UTF8.GetBytes(entry.ToText()), CalendarEntry.MediaType, $"{eventId}.ics");
    }
}
