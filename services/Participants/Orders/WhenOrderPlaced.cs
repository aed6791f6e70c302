using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using Said = EventFly.Contracts.Participants;

namespace EventFly.Participants.Orders;

/// <summary>A free order is finished in the request that places it. When the process ended in between, it is finished here.</summary>
internal sealed class WhenOrderPlaced(Streams streams, TimeProvider clock) : IHandle<Said.OrderPlaced>
{
    public async Task Handle(Said.OrderPlaced message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.Amount > 0)
        {
            return;
        }

        var order = (await streams.ReadOrder(message.OrderId, cancellationToken)).OrThrow();
        if (order.IsOpen)
        {
            (await FinishFreeOrder.Finish(streams, order.Details!, clock, cancellationToken)).OrThrow();
        }
    }
}
