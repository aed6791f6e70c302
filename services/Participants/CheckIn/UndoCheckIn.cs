using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.CheckIn;

internal static class UndoCheckIn
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapDelete("/events/{eventId:guid}/checkins/{scanId:guid}", Handle).RequirePermission("checkin.scan").WithName("UndoCheckIn");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid eventId, Guid scanId, CurrentUser user, Documents<Ticket> tickets, Documents<EventAtDoor> events, CancellationToken cancellationToken)
    {
        if (await events.Get(eventId.ToString(), cancellationToken) is not { Body: var at } || !user.ActsFor(at.OrganizationId))
        {
            return Refusal.NotFound("event-unknown", "There is no such event.").ToProblem();
        }

        var found = await tickets.Query(
            new Query([new Where.Any([new Where.Eq("scan", scanId.ToString()), new Where.Eq("undone", scanId.ToString())]), new Where.Eq("event", eventId.ToString())], [], 1),
            cancellationToken);
        if (found.Items is not [{ Id: var ticketId }])
        {
            return Refusal.NotFound("scan-unknown", "There is no such scan.").ToProblem();
        }

        var (_, refusal) = await tickets.Change(ticketId, ticket => ticket!.Body.Undo(scanId), cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }
}
