using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Scans;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Doors;

/// <summary>Settles a conflict with a note. Both scans stay as they are; whoever wants one to count no more undoes it.</summary>
internal static class ResolveConflict
{
    public sealed record Request([MinLength(1), MaxLength(1000)] string Note);

    public static void Map(RouteGroupBuilder api) => api
        .MapPut("/events/{eventId:guid}/checkins/conflicts/{scanId:guid}/resolution", Handle).RequirePermission("checkin.scan").WithName("ResolveConflict");

    private static async Task<Results<Ok<Resolution>, ProblemHttpResult>> Handle(
        Guid eventId, Guid scanId, Request request, CurrentUser user,
        Documents<EventAtDoor> events, Streams streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await events.Own(eventId, user, cancellationToken) is null)
        {
            return EventAtDoor.Unknown.ToProblem();
        }

        var resolution = new Resolution(user.Id, request.Note.Trim(), clock.GetUtcNow());
        var (scans, refusal) = await streams.DecideScans(eventId, log => log.Resolve(scanId, resolution), cancellationToken);
        return refusal is null ? TypedResults.Ok(scans.Resolutions[scanId]) : refusal.ToProblem();
    }
}
