using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Participants;

namespace EventFly.Participants.Inventory;

internal sealed class WhenTicketsVoided(Streams streams) : IHandle<TicketsVoided>
{
    public async Task Handle(TicketsVoided message, MessageContext context, CancellationToken cancellationToken) =>
        (await streams.DecideInventory(message.EventId, inventory => inventory.Return(message.OrderId), cancellationToken)).OrThrow();
}
