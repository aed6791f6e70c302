using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Participants;

namespace EventFly.Participants.Orders;

internal sealed class WhenSaleWithdrawn(Streams streams, TimeProvider clock) : IHandle<SaleWithdrawn>
{
    public async Task Handle(SaleWithdrawn message, MessageContext context, CancellationToken cancellationToken) =>
        (await streams.DecideOrder(message.OrderId, order => order.Withdraw(clock.GetUtcNow()), cancellationToken)).OrThrow();
}
