using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Events.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.TicketTypes;

/// <summary>Takes a kind of ticket out of a draft. Removing what is not there changes nothing.</summary>
internal static class RemoveTicketType
{
    public static void Map(RouteGroupBuilder ticketTypes) =>
        ticketTypes.MapDelete("/{ticketTypeId:guid}", Handle).RequirePermission("ticket.manage").WithSummary("Remove a ticket type");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid eventId, Guid ticketTypeId, IfMatch ifMatch, Documents<Event> events, CurrentUser user, HttpResponse http, CancellationToken cancellationToken)
    {
        var (stored, refusal) = await events.Change(
            eventId.ToString(),
            found => found.IfOwn(user, own => ifMatch.RefuseIfSent(own.Version) is { } stale && own.Body.Find(ticketTypeId) is not null
                ? stale
                : own.Body.RemoveTicketType(ticketTypeId)),
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.SetETag(stored!.Version);
        return TypedResults.NoContent();
    }
}
