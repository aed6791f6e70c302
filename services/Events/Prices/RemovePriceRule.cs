using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Events.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Prices;

/// <summary>Makes a price a fixed one again. Removing what is not there changes nothing.</summary>
internal static class RemovePriceRule
{
    public static void Map(RouteGroupBuilder ticketTypes) =>
        ticketTypes.MapDelete("/{ticketTypeId:guid}/price-rule", Handle).RequirePermission("ticket.manage").WithSummary("Fix a price");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid eventId, Guid ticketTypeId, IfMatch ifMatch, Documents<Event> events, CurrentUser user, HttpResponse http, CancellationToken cancellationToken)
    {
        var (stored, refusal) = await events.Change(
            eventId.ToString(), found => found.IfOwn(user, own => Decide(own, ticketTypeId, ifMatch)), cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.SetETag(stored!.Version);
        return TypedResults.NoContent();
    }

    private static Change<Event> Decide(Document<Event> own, Guid ticketTypeId, IfMatch ifMatch) => own.Body.Find(ticketTypeId) switch
    {
        { PriceRule: null } => Decision.Nothing,
        not null when ifMatch.RefuseIfSent(own.Version) is { } stale => stale,
        _ => own.Body.SetPriceRule(ticketTypeId, null),
    };
}
