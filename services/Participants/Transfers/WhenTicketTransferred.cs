using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Participants;
using EventFly.Participants.Tickets;

namespace EventFly.Participants.Transfers;

/// <summary>Doors and order are told in the request that hands a ticket over; when the process ended in between, here. The ticket as it is now counts.</summary>
internal sealed class WhenTicketTransferred(Documents<Ticket> tickets, Streams streams, TimeProvider clock) : IHandle<TicketTransferred>
{
    public async Task Handle(TicketTransferred message, MessageContext context, CancellationToken cancellationToken)
    {
        if (await tickets.Get(message.TicketId.ToString(), cancellationToken) is { } ticket)
        {
            await Transferring.TellOthers(ticket, streams, clock, cancellationToken);
        }
    }
}
