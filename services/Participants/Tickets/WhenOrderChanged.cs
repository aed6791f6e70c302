using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Participants;
using EventFly.Participants.Orders;

namespace EventFly.Participants.Tickets;

/// <summary>Another name or answer stands on the ticket as well. Before an order is confirmed there are no tickets.</summary>
internal sealed class WhenOrderChanged(Streams streams, Documents<Ticket> tickets, TicketSigner signer, TimeProvider clock) : IHandle<OrderChanged>
{
    public async Task Handle(OrderChanged message, MessageContext context, CancellationToken cancellationToken)
    {
        if ((await streams.ReadOrder(message.OrderId, cancellationToken)).OrThrow().ConfirmedAt is not null)
        {
            await IssueTickets.Of(message.OrderId, streams, tickets, signer, clock, cancellationToken);
        }
    }
}
