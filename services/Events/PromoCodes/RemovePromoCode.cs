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

    private static Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid eventId, Guid promoCodeId, IfMatch ifMatch, Documents<Event> events, CurrentUser user, HttpResponse http, CancellationToken cancellationToken) =>
        events.RemovePart(eventId, own => own.RemovePromoCode(promoCodeId), ifMatch, user, http, cancellationToken);
}
