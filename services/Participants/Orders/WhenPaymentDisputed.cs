using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using Microsoft.Extensions.Options;
using Said = EventFly.Contracts.Payments;

namespace EventFly.Participants.Orders;

/// <summary>Noted on the order. The tickets stay good unless the setting says otherwise: most disputes are misunderstandings, and some are won.</summary>
internal sealed class WhenPaymentDisputed(Streams streams, KeepOrderView views, TimeProvider clock, IOptions<OrderOptions> options)
    : IHandle<Said.PaymentDisputed>, IHandle<Said.DisputeClosed>
{
    public async Task Handle(Said.PaymentDisputed message, MessageContext context, CancellationToken cancellationToken)
    {
        var disputed = new PaymentDisputed(message.DisputeId, message.PaymentId, message.Amount, message.Reason, message.EvidenceDueBy);
        (await streams.DecideOrder(
            message.OrderId, order => order.NoteDispute(disputed, options.Value.VoidDisputed, clock.GetUtcNow()), cancellationToken)).OrThrow();
        await views.Refresh(message.OrderId, cancellationToken);
    }

    public async Task Handle(Said.DisputeClosed message, MessageContext context, CancellationToken cancellationToken)
    {
        var closed = new DisputeClosed(message.DisputeId, message.PaymentId, message.Amount, message.Outcome);
        (await streams.DecideOrder(message.OrderId, order => order.CloseDispute(closed), cancellationToken)).OrThrow();
        await views.Refresh(message.OrderId, cancellationToken);
    }
}
