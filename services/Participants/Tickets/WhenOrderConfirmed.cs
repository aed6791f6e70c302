using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Participants;

namespace EventFly.Participants.Tickets;

internal sealed class WhenOrderConfirmed(Streams streams, Documents<Ticket> tickets, TicketSigner signer, TimeProvider clock) : IHandle<OrderConfirmed>
{
    public Task Handle(OrderConfirmed message, MessageContext context, CancellationToken cancellationToken) =>
        IssueTickets.Of(message.OrderId, streams, tickets, signer, clock, cancellationToken);
}
