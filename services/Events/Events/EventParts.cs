using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Events;

/// <summary>
/// How ticket types, quotas, codes and questions come to an event and go from it. To change one needs the event's version (If-Match); to add or to
/// remove one makes sense whatever the version, which is heeded where it is sent; what changes nothing is never out of date.
/// </summary>
internal static class EventParts
{
    /// <param name="find">The part as it is now, or null.</param>
    /// <param name="shownAt">Where it is seen, below the event.</param>
    public static async Task<Results<Created<TPart>, Ok<TPart>, ProblemHttpResult>> PutPart<TPart>(
        this Documents<Event> events, Guid eventId, Func<Event, TPart?> find, Func<Event, Change<Event>> set,
        IfMatch ifMatch, CurrentUser user, HttpResponse http, CancellationToken cancellationToken, string shownAt = "")
        where TPart : class
    {
        var isNew = false;
        var (stored, refusal) = await events.Change(
            eventId.ToString(),
            found => found.IfOwn(user, own =>
            {
                isNew = find(own.Body) is null;
                return set(own.Body).Unless(isNew ? ifMatch.RefuseIfSent(own.Version) : ifMatch.Refuse(own.Version));
            }),
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.SetETag(stored!.Version);
        var part = find(stored.Body)!;
        return isNew ? TypedResults.Created($"/api/events/{eventId}{shownAt}", part) : TypedResults.Ok(part);
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> RemovePart(
        this Documents<Event> events, Guid eventId, Func<Event, Change<Event>> remove,
        IfMatch ifMatch, CurrentUser user, HttpResponse http, CancellationToken cancellationToken)
    {
        var (stored, refusal) = await events.Change(
            eventId.ToString(), found => found.IfOwn(user, own => remove(own.Body).Unless(ifMatch.RefuseIfSent(own.Version))), cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.SetETag(stored!.Version);
        return TypedResults.NoContent();
    }

    private static Change<Event> Unless(this Change<Event> change, Refusal? stale) =>
        stale is null || change is { Body: null, Delete: false, Refusal: null } ? change : stale;
}
