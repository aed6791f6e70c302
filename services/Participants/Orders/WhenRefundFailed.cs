using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using Said = EventFly.Contracts.Payments;

namespace EventFly.Participants.Orders;

internal sealed partial class WhenRefundFailed(Streams streams, KeepOrderView views, ILogger<WhenRefundFailed> log) : IHandle<Said.RefundFailed>
{
    public async Task Handle(Said.RefundFailed message, MessageContext context, CancellationToken cancellationToken)
    {
        (await streams.DecideOrder(message.OrderId, order => order.FailRefund(message.RefundId, message.Code), cancellationToken)).OrThrow();
        LogFailed(log, message.RefundId, message.OrderId, message.Code);
        await views.Refresh(message.OrderId, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Refund {RefundId} of order {OrderId} failed ({Code}). The organiser has to refund again.")]
    private static partial void LogFailed(ILogger log, Guid refundId, Guid orderId, string code);
}
