using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Scans;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Tickets;

internal static class GetMyTickets
{
    /// <param name="Next">Cursor of the next page; null at the end.</param>
    public sealed record Response(IReadOnlyList<TicketResponse> Items, string? Next);

    public static void Map(RouteGroupBuilder api) => api.MapGet("/tickets", Handle).RequireParticipant().WithName("GetMyTickets");

    private static async Task<Ok<Response>> Handle(
        [AsParameters] PageQuery page, CurrentUser user,
        Documents<Ticket> tickets, Documents<EventAtDoor> events, Streams streams, CancellationToken cancellationToken)
    {
        var found = await tickets.Query(
            page.ToQuery([new Where.Any([new Where.Eq("buyer", user.Id.ToString()), new Where.Eq("holder", user.Id.ToString())])], new SortBy("issuedAt", Descending: true)), cancellationToken);
        var doors = new Dictionary<Guid, (EventAtDoor? At, ScanLog Scans)>();
        foreach (var eventId in found.Items.Select(ticket => ticket.Body.EventId).Distinct())
        {
            doors[eventId] = ((await events.Get(eventId.ToString(), cancellationToken))?.Body, (await streams.ReadScans(eventId, cancellationToken)).State);
        }

        return TypedResults.Ok(new Response([.. found.Items.Select(ticket => Of(ticket.Body, doors[ticket.Body.EventId], user.Id))], found.Next));
    }

    private static TicketResponse Of(Ticket ticket, (EventAtDoor? At, ScanLog Scans) door, Guid viewer) =>
        TicketResponse.Of(ticket, door.At, door.Scans.Tickets.GetValueOrDefault(ticket.TicketId), viewer);
}
