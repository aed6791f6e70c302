using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Scans;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Doors;

/// <summary>The log, the latest first.</summary>
internal static class GetScans
{
    /// <param name="Next">Cursor of the next page; null at the end. With a filter a page may be short, even empty, and not the last.</param>
    public sealed record Response(IReadOnlyList<ScanResponse> Items, string? Next);

    public sealed record Filter(
        [property: MaxLength(100)] string? Gate = null,
        [property: AllowedValues(null, "admitted", "exited", "refused", "conflict", "undone")] string? Outcome = null,
        [property: AllowedValues(null, "in", "out")] string? Direction = null,
        Guid? By = null,
        Guid? TicketId = null)
    {
        internal bool Takes(Entry entry) =>
            (Gate is null || entry.Scan.Gate == Gate.Trim())
            && (Outcome is null || entry.Outcome == Enum.Parse<ScanOutcome>(Outcome, ignoreCase: true))
            && (Direction is null || entry.Scan.Direction == Enum.Parse<Direction>(Direction, ignoreCase: true))
            && (By is null || entry.Scan.By == By)
            && (TicketId is null || entry.Scan.TicketId == TicketId);
    }

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/events/{eventId:guid}/checkins", Handle).RequirePermission("checkin.scan").WithName("GetScans");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, [AsParameters] Filter filter, [AsParameters] PageQuery page, CurrentUser user,
        Documents<EventAtDoor> events, Streams streams, CancellationToken cancellationToken)
    {
        if (await events.Own(eventId, user, cancellationToken) is null)
        {
            return EventAtDoor.Unknown.ToProblem();
        }

        var (scans, _) = await streams.ReadScans(eventId, cancellationToken);
        var (items, next) = scans.Places.Page(
            page, place => scans.EntryOf(place.ScanId) is { } entry && filter.Takes(entry) ? ScanResponse.Of(entry) : null);
        return TypedResults.Ok(new Response(items, next));
    }
}
