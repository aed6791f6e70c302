using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Participants;
using EventFly.Payments.PayableOrders;

namespace EventFly.Payments.Payments;

/// <summary>
/// No new attempt from now on, and the open one is called off. Where the processor does not answer, or took the money already,
/// <see cref="SettleOpenPayments"/> goes on: it knows from the order that it is closed.
/// </summary>
internal sealed class WhenOrderClosed(Documents<PayableOrder> orders, TakePayment payments) : IHandle<OrderClosed>
{
    public async Task Handle(OrderClosed message, MessageContext context, CancellationToken cancellationToken)
    {
        var (order, refusal) = await orders.Change(
            PayableOrder.IdOf(message.OrderId),
            known => (known?.Body ?? PayableOrder.Unknown(message.OrderId)).Close(message.Reason),
            cancellationToken);
        if (refusal is not null) throw new InvalidOperationException($"The end of order {message.OrderId} was not stored: {refusal.Code}");

        if (order?.Body.Open is { } open) await payments.Settle(message.OrderId, open.PaymentId, cancellationToken);
    }
}
