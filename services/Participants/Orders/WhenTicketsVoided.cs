using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using Said = EventFly.Contracts.Participants;

namespace EventFly.Participants.Orders;

internal sealed class WhenTicketsVoided(Streams streams, TimeProvider clock) : IHandle<Said.TicketsVoided>
{
    public async Task Handle(Said.TicketsVoided message, MessageContext context, CancellationToken cancellationToken)
    {
        var order = (await streams.ReadOrder(message.OrderId, cancellationToken)).OrThrow();
        (await ReturnTickets.Of(order, streams, clock, cancellationToken)).OrThrow();
    }
}
