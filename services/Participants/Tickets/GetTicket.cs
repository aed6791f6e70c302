using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Scans;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Tickets;

internal static class GetTicket
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/tickets/{ticketId:guid}", Handle).RequireParticipant().WithName("GetTicket");

    private static async Task<Results<Ok<TicketResponse>, ProblemHttpResult>> Handle(
        Guid ticketId, CurrentUser user, HttpResponse http,
        Documents<Ticket> tickets, Documents<EventAtDoor> events, Streams streams, CancellationToken cancellationToken)
    {
        if (await tickets.Get(ticketId.ToString(), cancellationToken) is not { } ticket || (ticket.Body.Holder != user.Id && ticket.Body.BuyerId != user.Id))
        {
            return Refusal.NotFound("ticket-unknown", "There is no such ticket.").ToProblem();
        }

        var at = await events.Get(ticket.Body.EventId.ToString(), cancellationToken);
        http.SetETag(ticket.Version);
        var scans = await streams.ReadScans(ticket.Body.EventId, cancellationToken);
        return TypedResults.Ok(TicketResponse.Of(ticket.Body, at?.Body, scans.State.Tickets.GetValueOrDefault(ticketId), user.Id));
    }
}
