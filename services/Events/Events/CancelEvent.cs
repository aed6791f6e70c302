using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Events;

/// <summary>Calls a published event off, for good. The first reason stays.</summary>
internal static class CancelEvent
{
    public sealed record Request([Required, MaxLength(500)] string Reason);

    public static void Map(RouteGroupBuilder events) =>
        events.MapPost("/{eventId:guid}/cancellation", Handle).RequirePermission("event.edit").WithSummary("Cancel an event");

    private static async Task<Results<Ok<EventResponse>, ProblemHttpResult>> Handle(
        Guid eventId, Request request, IfMatch ifMatch, Documents<Event> events, CurrentUser user, TimeProvider clock, HttpResponse http, CancellationToken cancellationToken)
    {
        var (stored, refusal) = await events.Change(
            eventId.ToString(),
            found => found.IfOwn(user, own => ifMatch.RefuseIfSent(own.Version) is { } stale && own.Body.Status is not EventStatus.Cancelled
                ? stale
                : own.Body.Cancel(request.Reason.Trim(), clock.GetUtcNow())),
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.SetETag(stored!.Version);
        return TypedResults.Ok(EventResponse.Of(stored.Body, toItsOrganization: true));
    }
}
