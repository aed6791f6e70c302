using System.ComponentModel.DataAnnotations;
using System.Globalization;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Events;

/// <summary>Public events that have not ended, the next one first.</summary>
internal static class ListEvents
{
    /// <param name="Tag">Every one of these tags; may be given up to five times.</param>
    /// <param name="Name">How the name begins, capitals do not matter.</param>
    /// <param name="From">Starts at this time or later.</param>
    /// <param name="To">Starts before this time.</param>
    /// <param name="OrganizationId">Events of one organisation.</param>
    /// <param name="Near">Takes place in this box: <c>south,west,north,east</c> in degrees; west greater than east crosses the antimeridian.</param>
    public sealed record Filter(
        [property: MaxLength(5)] string[]? Tag,
        [property: MaxLength(200)] string? Name,
        DateTimeOffset? From,
        DateTimeOffset? To,
        Guid? OrganizationId,
        [property: MaxLength(200)] string? Near);

    public static void Map(RouteGroupBuilder events) =>
        events.MapGet("/", Handle).AllowAnonymous().WithSummary("List upcoming public events");

    private static async Task<Results<Ok<Page<EventSummary>>, ProblemHttpResult>> Handle(
        [AsParameters] Filter filter, [AsParameters] PageQuery page, Documents<Event> events, TimeProvider clock, HttpResponse http, CancellationToken cancellationToken)
    {
        var (conditions, refusal) = Conditions(filter, clock.GetUtcNow());
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        var found = await events.Query(page.ToQuery(conditions, new SortBy("startsAt")), cancellationToken);
        http.Headers.CacheControl = "public, max-age=10";
        return TypedResults.Ok(new Page<EventSummary>([.. found.Items.Select(EventSummary.Of)], found.Next));
    }

    private static (IReadOnlyList<Where> All, Refusal? Refusal) Conditions(Filter filter, DateTimeOffset now)
    {
        List<Where> all = [new Where.Eq("listed", true), new Where.Range("endsAt", now, null)];
        foreach (var tag in filter.Tag ?? [])
        {
            if (Tags.Normalize(tag) is not { } normal)
            {
                return ([], Refusal.Invalid("tag-invalid", "A tag has 1 to 40 letters and digits.", "tag"));
            }

            all.Add(new Where.Eq("tags", normal));
        }

        if (!string.IsNullOrWhiteSpace(filter.Name))
        {
            all.Add(new Where.Prefix("name", EventDocument.SearchName(filter.Name)));
        }

        if (filter.From >= filter.To)
        {
            return ([], Refusal.Invalid("range-empty", "The time from which must be before the time to which.", "to"));
        }

        if (filter.From is not null || filter.To is not null)
        {
            all.Add(new Where.Range("startsAt", filter.From, filter.To));
        }

        if (filter.OrganizationId is { } organizationId)
        {
            all.Add(new Where.Eq("organizationId", organizationId.ToString()));
        }

        if (filter.Near is { } near)
        {
            if (Box(near) is not { } box)
            {
                return ([], Refusal.Invalid("near-invalid", "Give near as south,west,north,east in degrees, like 52.3,13.1,52.7,13.8.", "near"));
            }

            all.Add(box);
        }

        return (all, null);
    }

    private static Where.Box? Box(string near)
    {
        var degrees = new List<double>();
        foreach (var part in near.Split(','))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var degree))
            {
                return null;
            }

            degrees.Add(degree);
        }

        return degrees is [>= -90 and <= 90 and var south, >= -180 and <= 180 and var west, >= -90 and <= 90 and var north, >= -180 and <= 180 and var east]
            && south <= north
            ? new Where.Box("latitude", "longitude", south, west, north, east)
            : null;
    }
}
