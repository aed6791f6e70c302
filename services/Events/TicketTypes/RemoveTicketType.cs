using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Events.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.TicketTypes;

/// <summary>Takes a kind of ticket out of a draft. Removing what is not there changes nothing.</summary>
internal static class RemoveTicketType
{
    public static void Map(RouteGroupBuilder ticketTypes) =>
        ticketTypes.MapDelete("/{ticketTypeId:guid}", Handle).RequirePermission("ticket.manage").WithSummary("Remove a ticket type");

    private static Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid eventId, Guid ticketTypeId, IfMatch ifMatch, Documents<Event> events, CurrentUser user, HttpResponse http, CancellationToken cancellationToken) =>
        events.RemovePart(eventId, own => own.RemoveTicketType(ticketTypeId), ifMatch, user, http, cancellationToken);
}
