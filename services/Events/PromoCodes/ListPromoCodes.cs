using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Events.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.PromoCodes;

/// <summary>The codes of an event, for its organisation alone.</summary>
internal static class ListPromoCodes
{
    public sealed record Response(IReadOnlyList<PromoCode> Items);

    public static void Map(RouteGroupBuilder promoCodes) =>
        promoCodes.MapGet("/", Handle).RequirePermission("ticket.manage").WithSummary("List the codes of an event");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, Documents<Event> events, CurrentUser user, HttpResponse http, CancellationToken cancellationToken)
    {
        var stored = await events.Get(eventId.ToString(), cancellationToken);
        if (stored is null || !user.ActsFor(stored.Body.OrganizationId))
        {
            return Event.None.ToProblem();
        }

        http.SetETag(stored.Version);
        http.Headers.CacheControl = "private, no-store";
        return TypedResults.Ok(new Response(stored.Body.PromoCodes));
    }
}
