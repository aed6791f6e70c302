using System.Text;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Tickets;

/// <summary>A ticket for its holder's calendar. The code is not in it: calendars are shared.</summary>
internal static class GetTicketCalendar
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/tickets/{ticketId:guid}/calendar.ics", Handle)
        .RequireParticipant().WithName("GetTicketCalendar").Produces<string>(200, "text/calendar");

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Handle(
        Guid ticketId, CurrentUser user, HttpResponse http,
        Documents<Ticket> tickets, Documents<EventAtDoor> events, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await tickets.Get(ticketId.ToString(), cancellationToken) is not { Body: var ticket } || ticket.Holder != user.Id)
        {
            return Ticket.TicketUnknown.ToProblem();
        }

        if (await events.Get(ticket.EventId.ToString(), cancellationToken) is not { Body: { Revision: > 0 } at } kept)
        {
            return Refusal.Unavailable("event-not-known-yet", "The event is not known here yet. Try again.", TimeSpan.FromSeconds(1)).ToProblem();
        }

        // Both grow with each change, so their sum does too.
        var entry = new CalendarEntry(
            $"ticket-{ticketId}@eventfly", kept.Version + ticket.OrderRevision, clock.GetUtcNow(), at.StartsAt, at.EndsAt, at.Name, at.Cancelled || ticket.IsVoid)
        {
            Description = $"{ticket.TicketTypeName}, {ticket.AttendeeName}",
            Location = at.Venue,
        };
        http.Headers.CacheControl = "private, no-store";
        return TypedResults.File(Encoding.UTF8.GetBytes(entry.ToText()), CalendarEntry.MediaType, $"{ticketId}.ics");
    }
}
