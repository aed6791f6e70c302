using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Orders;
using EventFly.Participants.Scans;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Tickets;

internal static class GetAttendees
{
    /// <param name="Next">Cursor of the next page; null at the end.</param>
    public sealed record Response(IReadOnlyList<Attendee> Items, string? Next);

    public sealed record Attendee(
        Guid TicketId,
        Guid OrderId,
        string Name,
        string Email,
        Guid TicketTypeId,
        string TicketTypeName,
        TicketStatus Status,
        DateTimeOffset? AdmittedAt,
        string? Gate)
    {
        public IReadOnlyList<Answer> Answers { get; init; } = [];
    }

    /// <param name="Search">Beginning of any word of a name, without regard to capitals.</param>
    public sealed record Filter([property: MaxLength(200)] string? Search = null, Guid? OrderId = null);

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/events/{eventId:guid}/attendees", Handle).RequirePermission("order.read").WithName("GetAttendees");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, [AsParameters] Filter filter, [AsParameters] PageQuery page, CurrentUser user,
        Documents<Ticket> tickets, Documents<EventAtDoor> events, Streams streams, CancellationToken cancellationToken)
    {
        if (await events.Own(eventId, user, cancellationToken) is null)
        {
            return EventAtDoor.Unknown.ToProblem();
        }

        List<Where> all = [new Where.Eq("event", eventId.ToString())];
        if (!string.IsNullOrWhiteSpace(filter.Search))
        {
            all.Add(new Where.Prefix("words", Ticket.NameKey(filter.Search)));
        }

        if (filter.OrderId is { } orderId)
        {
            all.Add(new Where.Eq("order", orderId.ToString()));
        }

        var found = await tickets.Query(page.ToQuery(all, new SortBy("name")), cancellationToken);
        var (scans, _) = await streams.ReadScans(eventId, cancellationToken);
        return TypedResults.Ok(new Response(
            [.. found.Items.Select(ticket => Of(ticket.Body, scans.Tickets.GetValueOrDefault(ticket.Body.TicketId)))], found.Next));
    }

    private static Attendee Of(Ticket ticket, TicketAtDoor? door) => new(
        ticket.TicketId, ticket.OrderId, ticket.AttendeeName, ticket.AttendeeEmail, ticket.TicketTypeId, ticket.TicketTypeName,
        ticket.StatusAt(door), door?.First?.Scan.At, door?.First?.Scan.Gate)
    {
        Answers = ticket.Answers,
    };
}
