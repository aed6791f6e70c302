using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Events.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.PromoCodes;

/// <summary>Takes a code away. What was held or sold with it keeps its price; removing what is not there changes nothing.</summary>
internal static class RemovePromoCode
{
    public static void Map(RouteGroupBuilder promoCodes) =>
        promoCodes.MapDelete("/{promoCodeId:guid}", Handle).RequirePermission("ticket.manage").WithSummary("Remove a code");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid eventId, Guid promoCodeId, IfMatch ifMatch, Documents<Event> events, CurrentUser user, HttpResponse http, CancellationToken cancellationToken)
    {
        var (stored, refusal) = await events.Change(
            eventId.ToString(),
            found => found.IfOwn(user, own => ifMatch.RefuseIfSent(own.Version) is { } stale && own.Body.FindPromoCode(promoCodeId) is not null
                ? stale
                : own.Body.RemovePromoCode(promoCodeId)),
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.SetETag(stored!.Version);
        return TypedResults.NoContent();
    }
}
