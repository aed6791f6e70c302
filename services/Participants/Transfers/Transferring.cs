using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.Participants.Orders;
using EventFly.Participants.Scans;
using EventFly.Participants.Tickets;

namespace EventFly.Participants.Transfers;

/// <summary>Why a ticket stays where it is: the event is over, the organiser does not want it, or somebody went in with it.</summary>
internal static class Transferring
{
    public static async Task<(EventAtDoor? At, EventRules? Rules, Refusal? Refusal)> Look(
        Ticket ticket, Documents<EventAtDoor> events, Documents<EventRules> rules, Streams streams, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var at = (await events.Get(ticket.EventId.ToString(), cancellationToken))?.Body;
        var known = (await rules.Get(ticket.EventId.ToString(), cancellationToken))?.Body;
        var (scans, busy) = await streams.ReadScans(ticket.EventId, cancellationToken);
        Refusal? refusal = busy ?? (at switch
        {
            null => Refusal.Unavailable("event-not-known-yet", "The event is not known here yet. Try again.", TimeSpan.FromSeconds(1)),
            { Cancelled: true } => Refusal.Conflict("event-cancelled", "The event is cancelled."),
            _ when now >= at.EndsAt => Refusal.Conflict("event-over", "The event is over."),
            _ when known is { AfterSale.Transfers: false } => Refusal.Conflict("transfers-not-allowed", "The organiser does not want tickets of this event to be handed over."),
            _ when scans.Tickets.GetValueOrDefault(ticket.TicketId)?.First is not null =>
                Refusal.Conflict("already-admitted", "Somebody went in with this ticket already."),
            _ => null,
        });
        return (at, known, refusal);
    }

    /// <summary>Doors and the order hear of the new holder. Repeating it is harmless.</summary>
    public static async Task TellOthers(
        Document<Ticket> handedOver, Streams streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        var ticket = handedOver.Body;
        await IssueTickets.TellDoors(ticket.EventId, [ticket.ForDoors(handedOver.Version)], streams, clock, cancellationToken);
        (await streams.DecideOrder(
            ticket.OrderId,
            order => order.HandOver(
                ticket.TicketId, ticket.Holder, ticket.AttendeeName, ticket.AttendeeEmail, ticket.Answers, ticket.Handovers.Count, ticket.Handovers[^1].At),
            cancellationToken)).OrThrow();
    }
}
