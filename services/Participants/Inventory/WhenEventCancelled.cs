using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Events;

namespace EventFly.Participants.Inventory;

internal sealed class WhenEventCancelled(Streams streams) : IHandle<EventCancelled>
{
    public async Task Handle(EventCancelled message, MessageContext context, CancellationToken cancellationToken)
    {
        var inventory = (await streams.DecideInventory(message.EventId, state => state.Close(message.Reason), cancellationToken)).OrThrow();
        while (!inventory.ToWithdraw.IsEmpty)
        {
            inventory = (await streams.DecideInventory(message.EventId, static state => state.Withdraw(), cancellationToken)).OrThrow();
        }

        while (!inventory.Waiting.IsQuiet)
        {
            inventory = (await streams.DecideInventory(message.EventId, static state => state.EndWaiting(), cancellationToken)).OrThrow();
        }
    }
}
