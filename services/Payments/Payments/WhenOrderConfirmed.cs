using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Participants;

namespace EventFly.Payments.Payments;

/// <summary>The money became tickets: it is in the books, and nobody has to look after it any more.</summary>
internal sealed class WhenOrderConfirmed(PaymentDecisions payments, TakePayment taking) : IHandle<OrderConfirmed>
{
    public async Task Handle(OrderConfirmed message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.PaymentId is not { } paymentId) return;
        await taking.Conclude(message.OrderId, paymentId, await payments.Read(paymentId, cancellationToken), isConfirmed: true, cancellationToken);
    }
}
