using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Payments;

namespace EventFly.Participants.Orders;

internal sealed class WhenRefundSucceeded(Streams streams, KeepOrderView views) : IHandle<RefundSucceeded>
{
    public async Task Handle(RefundSucceeded message, MessageContext context, CancellationToken cancellationToken)
    {
        (await streams.DecideOrder(message.OrderId, order => order.CompleteRefund(message.RefundId), cancellationToken)).OrThrow();
        await views.Refresh(message.OrderId, cancellationToken);
    }
}
