using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Scans;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Doors;

/// <summary>Everybody who was let in and would not have been, had the doors known of each other. The latest first.</summary>
internal static class GetConflicts
{
    /// <param name="Next">Cursor of the next page; null at the end.</param>
    public sealed record Response(IReadOnlyList<Conflict> Items, string? Next);

    /// <param name="Against">The scan that stands against it; null where it was the ticket, the gate or the code.</param>
    /// <param name="Resolution">What staff noted, or null.</param>
    public sealed record Conflict(ScanResponse Scan, ScanResponse? Against, Resolution? Resolution);

    /// <param name="Resolved">Only the settled ones, or only the others.</param>
    public sealed record Filter(bool? Resolved = null);

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/events/{eventId:guid}/checkins/conflicts", Handle).RequirePermission("checkin.scan").WithName("GetConflicts");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, [AsParameters] Filter filter, [AsParameters] PageQuery page, CurrentUser user,
        Documents<EventAtDoor> events, Streams streams, CancellationToken cancellationToken)
    {
        if (await events.Own(eventId, user, cancellationToken) is null)
        {
            return EventAtDoor.Unknown.ToProblem();
        }

        var (scans, _) = await streams.ReadScans(eventId, cancellationToken);
        var (items, next) = scans.Conflicts.Page(page, place =>
        {
            var conflict = Of(scans.EntryOf(place.ScanId)!, scans);
            return filter.Resolved is null || filter.Resolved == conflict.Resolution is not null ? conflict : null;
        });
        return TypedResults.Ok(new Response(items, next));
    }

    private static Conflict Of(Entry entry, ScanLog scans) => new(
        ScanResponse.Of(entry),
        entry.Against is { } against && scans.EntryOf(against) is { } other ? ScanResponse.Of(other) : null,
        scans.Resolutions.GetValueOrDefault(entry.Scan.ScanId));
}
