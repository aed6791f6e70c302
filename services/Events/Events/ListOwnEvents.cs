using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Events;

/// <summary>
/// Every event of the caller's organisation, or those in one state: not begun, begun, ended, not published, cancelled. Who prepares neither events nor sales
/// sees of the drafts only those that they work at; they come first, on the first page.
/// </summary>
internal static class ListOwnEvents
{
    /// <param name="State">upcoming, ongoing, past, draft or cancelled.</param>
    /// <param name="Assigned">Only those at which the caller works by a role of the event.</param>
    public sealed record Filter(
        [property: AllowedValues(null, "upcoming", "ongoing", "past", "draft", "cancelled")] string? State = null, bool? Assigned = null);

    public static void Map(RouteGroupBuilder events) =>
        events.MapGet("/mine", Handle).RequireOrganizerOrStaff().WithSummary("List the events of the own organisation");

    private static async Task<Results<Ok<Page<EventSummary>>, ProblemHttpResult>> Handle(
        [AsParameters] Filter filter, [AsParameters] PageQuery page, Documents<Event> events, CurrentUser user, TimeProvider clock, HttpResponse http,
        CancellationToken cancellationToken)
    {
        http.Headers.CacheControl = "private, no-store";
        if (user.OrganizationId is not { } organizationId)
        {
            return TypedResults.Ok(new Page<EventSummary>([], null));
        }

        var state = filter.State;
        if (filter.Assigned is true)
        {
            var theirs = await WorkedAt(user, organizationId, events, cancellationToken);
            return TypedResults.Ok(new Page<EventSummary>([.. theirs.Where(own => IsIn(own.Body, state, clock.GetUtcNow())).Select(EventSummary.Of)], null));
        }

        var seesAllDrafts = user.MaySeeAllDrafts();
        var drafts = seesAllDrafts || page.After is not null || state is not (null or "draft")
            ? []
            : (await WorkedAt(user, organizationId, events, cancellationToken)).Where(own => own.Body.Status is EventStatus.Draft).ToArray();
        if (!seesAllDrafts && state is "draft")
        {
            return TypedResults.Ok(new Page<EventSummary>([.. drafts.Select(EventSummary.Of)], null));
        }

        Where[] all = [new Where.Eq("organizationId", organizationId.ToString()), .. Conditions(state, clock.GetUtcNow())];
        if (!seesAllDrafts && state is null)
        {
            all = [.. all, new Where.Any([Is(EventStatus.Published), Is(EventStatus.Cancelled)])];
        }

        var newestFirst = state is null or "past" or "cancelled";
        var found = await events.Query(page.ToQuery(all, new SortBy("startsAt", newestFirst)), cancellationToken);
        return TypedResults.Ok(new Page<EventSummary>([.. drafts.Select(EventSummary.Of), .. found.Items.Select(EventSummary.Of)], found.Next));
    }

    /// <summary>There are never so many that they would need pages: the token names them all.</summary>
    private static async Task<IReadOnlyList<Document<Event>>> WorkedAt(CurrentUser user, Guid organizationId, Documents<Event> events, CancellationToken cancellationToken)
    {
        var found = new List<Document<Event>>();
        foreach (var eventId in user.EventPermissions.Select(held => held.EventId).Distinct())
        {
            if (await events.Get(eventId.ToString(), cancellationToken) is { } own && own.Body.OrganizationId == organizationId)
            {
                found.Add(own);
            }
        }

        return [.. found.OrderBy(own => own.Body.Details.StartsAt).ThenBy(own => own.Body.EventId)];
    }

    private static bool IsIn(Event own, string? state, DateTimeOffset now) => state switch
    {
        "upcoming" => own.Status is EventStatus.Published && own.Details.StartsAt > now,
        "ongoing" => own.Status is EventStatus.Published && own.Details.StartsAt <= now && own.Details.EndsAt >= now,
        "past" => own.Status is EventStatus.Published && own.Details.EndsAt < now,
        "draft" => own.Status is EventStatus.Draft,
        "cancelled" => own.Status is EventStatus.Cancelled,
        _ => true,
    };

    private static Where[] Conditions(string? state, DateTimeOffset now) => state switch
    {
        "upcoming" => [Is(EventStatus.Published), new Where.Range("startsAt", now.AddMilliseconds(1), null)],
        "ongoing" => [Is(EventStatus.Published), new Where.Range("startsAt", null, now.AddMilliseconds(1)), new Where.Range("endsAt", now, null)],
        "past" => [Is(EventStatus.Published), new Where.Range("endsAt", null, now)],
        "draft" => [Is(EventStatus.Draft)],
        "cancelled" => [Is(EventStatus.Cancelled)],
        _ => [],
    };

    private static Where.Eq Is(EventStatus status) => new("status", status.ToString());
}
