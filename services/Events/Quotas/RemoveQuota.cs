using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Events.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Quotas;

/// <summary>Removes a quota that no ticket type draws on. Removing what is not there changes nothing.</summary>
internal static class RemoveQuota
{
    public static void Map(RouteGroupBuilder quotas) =>
        quotas.MapDelete("/{quotaId:guid}", Handle).RequirePermission("ticket.manage").WithSummary("Remove a quota");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid eventId, Guid quotaId, IfMatch ifMatch, Documents<Event> events, CurrentUser user, HttpResponse http, CancellationToken cancellationToken)
    {
        var (stored, refusal) = await events.Change(
            eventId.ToString(),
            found => found.IfOwn(user, own => ifMatch.RefuseIfSent(own.Version) is { } stale && own.Body.FindQuota(quotaId) is not null
                ? stale
                : own.Body.RemoveQuota(quotaId)),
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.SetETag(stored!.Version);
        return TypedResults.NoContent();
    }
}
