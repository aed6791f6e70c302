using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Payments;

namespace EventFly.Participants.Orders;

internal sealed class WhenPaymentFailed(Streams streams) : IHandle<PaymentFailed>
{
    public async Task Handle(PaymentFailed message, MessageContext context, CancellationToken cancellationToken) =>
        (await streams.DecideOrder(message.OrderId, order => order.NoteFailure(message.PaymentId, message.Code), cancellationToken)).OrThrow();
}
