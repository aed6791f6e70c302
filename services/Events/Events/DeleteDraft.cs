using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Events;

/// <summary>Throws a draft away. What was published stays.</summary>
internal static class DeleteDraft
{
    public static void Map(RouteGroupBuilder events) =>
        events.MapDelete("/{eventId:guid}", Handle).RequirePermission("event.edit").WithSummary("Delete a draft");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid eventId, IfMatch ifMatch, Documents<Event> events, CurrentUser user, CancellationToken cancellationToken)
    {
        var (_, refusal) = await events.Change(
            eventId.ToString(),
            found => found.IfOwn(user, own => ifMatch.RefuseIfSent(own.Version) is { } stale ? stale : own.Body.Delete()),
            cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }
}
