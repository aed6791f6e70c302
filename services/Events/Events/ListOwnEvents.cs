using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Events;

/// <summary>Every event of the caller's organisation, drafts too; or those in one state: not begun, begun, ended, not published, cancelled.</summary>
internal static class ListOwnEvents
{
    public static void Map(RouteGroupBuilder events) =>
        events.MapGet("/mine", Handle).RequireOrganizerOrStaff().WithSummary("List the events of the own organisation");

    private static async Task<Results<Ok<Page<EventSummary>>, ProblemHttpResult>> Handle(
        [AllowedValues(null, "upcoming", "ongoing", "past", "draft", "cancelled")] string? state, [AsParameters] PageQuery page, Documents<Event> events, CurrentUser user, TimeProvider clock, HttpResponse http, CancellationToken cancellationToken)
    {
        http.Headers.CacheControl = "private, no-store";
        if (user.OrganizationId is not { } organizationId)
        {
            return TypedResults.Ok(new Page<EventSummary>([], null));
        }

        Where[] all = [new Where.Eq("organizationId", organizationId.ToString()), .. Conditions(state, clock.GetUtcNow())];
        var newestFirst = state is null or "past" or "cancelled";
        var found = await events.Query(page.ToQuery(all, new SortBy("startsAt", newestFirst)), cancellationToken);
        return TypedResults.Ok(new Page<EventSummary>([.. found.Items.Select(EventSummary.Of)], found.Next));
    }

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
