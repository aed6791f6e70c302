using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Events;

/// <summary>Published and cancelled events for everybody, drafts for those of their organisation who work on them.</summary>
internal static class GetEvent
{
    public static void Map(RouteGroupBuilder events) =>
        events.MapGet("/{eventId:guid}", Handle).AllowAnonymous().WithSummary("Read an event");

    private static async Task<Results<Ok<EventResponse>, StatusCodeHttpResult, ProblemHttpResult>> Handle(
        Guid eventId, Documents<Event> events, CurrentUser? user, HttpContext http, CancellationToken cancellationToken)
    {
        var stored = await events.Get(eventId.ToString(), cancellationToken);
        var isOwn = stored is not null && user?.ActsFor(stored.Body.OrganizationId) is true;
        if (stored is null || (stored.Body.Status is EventStatus.Draft && user?.MaySeeDraft(stored.Body) is not true))
        {
            return Event.None.ToProblem();
        }

        http.Response.SetETag(stored.Version);
        http.Response.Headers.Vary = "Authorization";
        // The organisation sees more under the same tag, so its answer is kept by nobody and never abbreviated to 304.
        http.Response.Headers.CacheControl = isOwn ? "private, no-store" : "public, max-age=10";
        return !isOwn && http.Request.Has(stored.Version)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(EventResponse.Of(stored.Body, isOwn));
    }
}
