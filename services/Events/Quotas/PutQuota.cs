using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
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
        if (wanted is null)
        {
            return fault!.ToProblem();
        }

        var isNew = false;
        var (stored, refusal) = await events.Change(
            eventId.ToString(),
            found => found.IfOwn(user, own =>
            {
                isNew = own.Body.FindQuota(quotaId) is null;
                return Decide(own, wanted, ifMatch);
            }),
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.SetETag(stored!.Version);
        return isNew ? TypedResults.Created($"/api/events/{eventId}", wanted) : TypedResults.Ok(wanted);
    }

    private static Change<Event> Decide(Document<Event> own, Quota wanted, IfMatch ifMatch) => own.Body.FindQuota(wanted.QuotaId) switch
    {
        { } there when there == wanted => Decision.Nothing,
        { } when ifMatch.Refuse(own.Version) is { } refusal => refusal,
        null when ifMatch.RefuseIfSent(own.Version) is { } refusal => refusal,
        _ => own.Body.SetQuota(wanted),
    };
}
