using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using Said = EventFly.Contracts.Participants;

namespace EventFly.Participants.Orders;

/// <summary>Dropped tickets go back and a rest that costs nothing is finished in the request that drops them; when the process ended in between, here.</summary>
internal sealed class WhenOrderChanged(Streams streams, TimeProvider clock) : IHandle<Said.OrderChanged>
{
    public async Task Handle(Said.OrderChanged message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.What != "tickets-dropped")
        {
            return;
        }

        var order = (await streams.ReadOrder(message.OrderId, cancellationToken)).OrThrow();
        (await ReturnTickets.Of(order, streams, clock, cancellationToken)).OrThrow();
        if (order is { Status: OrderStatus.Placed, Amount: 0 })
        {
            (await FinishFreeOrder.Finish(streams, order.Details!, clock, cancellationToken)).OrThrow();
        }
    }
}
