using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Events;

/// <summary>Creates a draft under the client's id, or edits what is there (If-Match). Sending the same again changes nothing.</summary>
internal static class PutEvent
{
    public sealed record Request(
        [Length(3, 200)] string Name,
        [MaxLength(EventDetails.MaxDescription)] string? Description,
        DateTimeOffset StartsAt,
        DateTimeOffset EndsAt,
        [Length(1, 60)] string TimeZone,
        VenueRequest? Venue,
        [MaxLength(2_000)] string? OnlineUrl,
        [MaxLength(2_000)] string? BannerUrl,
        [MaxLength(100)] IReadOnlyList<string>? Tags,
        Visibility Visibility = Visibility.Public)
    {
        internal EventDetails ToDetails() => new(
            Name,
            Description ?? "",
            StartsAt,
            EndsAt,
            TimeZone,
            Venue is { } venue ? new Venue(venue.Name, venue.Address, venue.Latitude, venue.Longitude) : null,
            OnlineUrl,
            BannerUrl,
            Tags ?? [],
            Visibility);
    }

    public sealed record VenueRequest(
        [Length(1, 200)] string Name,
        [MaxLength(500)] string? Address,
        [Range(-90.0, 90.0)] double? Latitude,
        [Range(-180.0, 180.0)] double? Longitude);

    public static void Map(RouteGroupBuilder events) =>
        events.MapPut("/{eventId:guid}", Handle).RequirePermission("event.edit").WithSummary("Create or edit an event");

    private static async Task<Results<Created<EventResponse>, Ok<EventResponse>, ProblemHttpResult>> Handle(
        Guid eventId, Request request, IfMatch ifMatch, Documents<Event> events, CurrentUser user, TimeProvider clock, HttpResponse http, CancellationToken cancellationToken)
    {
        if (eventId == Guid.Empty)
        {
            return Refusal.Invalid("id-empty", "Choose an id of your own, a UUIDv7.", "eventId").ToProblem();
        }

        var (details, fault) = request.ToDetails().Checked();
        if (details is null)
        {
            return fault!.ToProblem();
        }

        var isNew = false;
        var (stored, refusal) = await events.Change(
            eventId.ToString(),
            found =>
            {
                isNew = found is null;
                return Decide(found, eventId, details, ifMatch, user, clock.GetUtcNow());
            },
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.SetETag(stored!.Version);
        var response = EventResponse.Of(stored.Body, toItsOrganization: true);
        return isNew ? TypedResults.Created($"/api/events/{eventId}", response) : TypedResults.Ok(response);
    }

    private static Change<Event> Decide(
        Document<Event>? stored, Guid eventId, EventDetails details, IfMatch ifMatch, CurrentUser user, DateTimeOffset now)
    {
        if (user.OrganizationId is not { } organizationId)
        {
            return Refusal.Forbidden("no-organization", "Create an organisation first, then refresh the access token.");
        }

        if (stored is null)
        {
            // Whoever sends a version means something that was there.
            return ifMatch.Refuse(0) switch
            {
                { Kind: RefusalKind.PreconditionRequired } => Event.Draft(eventId, organizationId, details, now),
                { Kind: RefusalKind.Invalid } malformed => malformed,
                _ => Event.None,
            };
        }

        return stored.IfOwn(user, own =>
            own.Body.Details.SaysTheSameAs(details) ? Decision.Nothing
            : ifMatch.Refuse(own.Version) is { } refusal ? refusal
            : own.Body.Edit(details, now));
    }
}
