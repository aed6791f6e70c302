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

    private static Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid eventId, Guid quotaId, IfMatch ifMatch, Documents<Event> events, CurrentUser user, HttpResponse http, CancellationToken cancellationToken) =>
        events.RemovePart(eventId, own => own.RemoveQuota(quotaId), ifMatch, user, http, cancellationToken);
}
