using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Devices;
using EventFly.Participants.Scans;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Doors;

/// <summary>Finds somebody whose code cannot be read. A door gets no list of everybody, and no address of anybody.</summary>
internal static class SearchAtDoor
{
    private const int MostFound = 20;

    /// <param name="More">There are more: ask more closely.</param>
    public sealed record Response(IReadOnlyList<Found> Items, bool More);

    public sealed record Found(
        Guid TicketId, Guid OrderId, string Name, Guid TicketTypeId, string TicketTypeName, TicketStatus Status, DateTimeOffset? AdmittedAt, string? Gate, bool IsInside);

    /// <param name="Search">At least two letters: the beginning of any word of a name.</param>
    public sealed record Filter([property: MinLength(2), MaxLength(200)] string? Search = null, Guid? OrderId = null);

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/events/{eventId:guid}/door/attendees", Handle).RequireDeviceOrPermission("checkin.scan").WithName("SearchAtDoor");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, [AsParameters] Filter filter, Scanner scanner,
        Documents<Ticket> tickets, Documents<EventAtDoor> events, Streams streams, CancellationToken cancellationToken)
    {
        if (await events.Own(eventId, scanner, cancellationToken) is null)
        {
            return EventAtDoor.Unknown.ToProblem();
        }

        List<Where> all = [new Where.Eq("event", eventId.ToString())];
        if (filter.OrderId is { } orderId)
        {
            all.Add(new Where.Eq("order", orderId.ToString()));
        }

        if (filter.Search?.Trim() is { Length: >= 2 } search)
        {
            all.Add(new Where.Prefix("words", Ticket.NameKey(search)));
        }

        if (all.Count == 1)
        {
            return Refusal.Invalid("search-required", "Search for at least two letters of a name, or for an order.", "search").ToProblem();
        }

        var found = await tickets.Query(new Query(all, [new SortBy("name")], MostFound), cancellationToken);
        var (scans, _) = await streams.ReadScans(eventId, cancellationToken);
        return TypedResults.Ok(new Response([.. found.Items.Select(ticket => Of(ticket.Body, scans.Tickets.GetValueOrDefault(ticket.Body.TicketId)))], found.Next is not null));
    }

    private static Found Of(Ticket ticket, TicketAtDoor? door) => new(
        ticket.TicketId, ticket.OrderId, ticket.AttendeeName, ticket.TicketTypeId, ticket.TicketTypeName, ticket.StatusAt(door),
        door?.First?.Scan.At, door?.First?.Scan.Gate, door?.IsInside ?? false);
}
