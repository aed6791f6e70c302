using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Events;

/// <summary>Puts the event on sale. Publishing what is published changes nothing.</summary>
internal static class PublishEvent
{
    public static void Map(RouteGroupBuilder events) =>
        events.MapPost("/{eventId:guid}/publication", Handle).RequirePermission("event.edit").WithSummary("Publish an event");

    private static async Task<Results<Ok<EventResponse>, ProblemHttpResult>> Handle(
        Guid eventId, IfMatch ifMatch, Documents<Event> events, CurrentUser user, TimeProvider clock, HttpResponse http, CancellationToken cancellationToken)
    {
        var (stored, refusal) = await events.Change(
            eventId.ToString(),
            found => found.IfOwn(user, own => ifMatch.RefuseIfSent(own.Version) is { } stale && own.Body.Status is EventStatus.Draft
                ? stale
                : own.Body.Publish(clock.GetUtcNow())),
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.SetETag(stored!.Version);
        return TypedResults.Ok(EventResponse.Of(stored.Body, toItsOrganization: true));
    }
}
