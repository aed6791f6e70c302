using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Events;

/// <summary>Every event of the caller's organisation, drafts too.</summary>
internal static class ListOwnEvents
{
    /// <summary>Where an event stands now.</summary>
    public enum State
    {
        /// <summary>Published, not begun.</summary>
        Upcoming,

        /// <summary>Published, begun, not ended.</summary>
        Ongoing,

        /// <summary>Published, ended.</summary>
        Past,

        /// <summary>Not published.</summary>
        Draft,

        /// <summary>Cancelled.</summary>
        Cancelled,
    }

    public static void Map(RouteGroupBuilder events) =>
        events.MapGet("/mine", Handle).RequireOrganizerOrStaff().WithSummary("List the events of the own organisation");

    private static async Task<Results<Ok<Page<EventSummary>>, ProblemHttpResult>> Handle(
        State? state, [AsParameters] PageQuery page, Documents<Event> events, CurrentUser user, TimeProvider clock, HttpResponse http, CancellationToken cancellationToken)
    {
        http.Headers.CacheControl = "private, no-store";
        if (user.OrganizationId is not { } organizationId)
        {
            return TypedResults.Ok(new Page<EventSummary>([], null));
        }

        Where[] all = [new Where.Eq("organizationId", organizationId.ToString()), .. Conditions(state, clock.GetUtcNow())];
        var newestFirst = state is null or State.Past or State.Cancelled;
        var found = await events.Query(page.ToQuery(all, new SortBy("startsAt", newestFirst)), cancellationToken);
        return TypedResults.Ok(new Page<EventSummary>([.. found.Items.Select(EventSummary.Of)], found.Next));
    }

    private static Where[] Conditions(State? state, DateTimeOffset now) => state switch
    {
        State.Upcoming => [Is(EventStatus.Published), new Where.Range("startsAt", now.AddMilliseconds(1), null)],
        State.Ongoing => [Is(EventStatus.Published), new Where.Range("startsAt", null, now.AddMilliseconds(1)), new Where.Range("endsAt", now, null)],
        State.Past => [Is(EventStatus.Published), new Where.Range("endsAt", null, now)],
        State.Draft => [Is(EventStatus.Draft)],
        State.Cancelled => [Is(EventStatus.Cancelled)],
        _ => [],
    };

    private static Where.Eq Is(EventStatus status) => new("status", status.ToString());
}
