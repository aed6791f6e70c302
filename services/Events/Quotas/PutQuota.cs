using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Events.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Quotas;

/// <summary>Adds a quota under the client's id, or changes it (If-Match: the event's ETag). Counts at once for whatever draws on it.</summary>
internal static class PutQuota
{
    public sealed record Request([Length(1, 100)] string Name, [Range(0, Quota.MaxCapacity)] int Capacity);

    public static void Map(RouteGroupBuilder quotas) =>
        quotas.MapPut("/{quotaId:guid}", Handle).RequirePermission("ticket.manage").WithSummary("Add or change a quota");

    private static async Task<Results<Created<Quota>, Ok<Quota>, ProblemHttpResult>> Handle(
        Guid eventId, Guid quotaId, Request request, IfMatch ifMatch, Documents<Event> events, CurrentUser user, HttpResponse http, CancellationToken cancellationToken)
    {
        var (wanted, fault) = new Quota(quotaId, request.Name, request.Capacity).Checked();
        return wanted is null
            ? fault!.ToProblem()
            : await events.PutPart(
                eventId, own => own.FindQuota(quotaId), own => own.SetQuota(wanted), ifMatch, user, http, cancellationToken);
    }
}
