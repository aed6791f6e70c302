using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Payments;
using EventFly.Participants.Inventory;

namespace EventFly.Participants.Orders;

/// <summary>
/// Money came in: the tickets are sold and the order confirmed, or the money goes back. Each step is decided once and remembered by its stream,
/// so that a crash between two of them is made good by the next delivery.
/// </summary>
internal sealed class WhenPaymentSucceeded(Streams streams, TimeProvider clock) : IHandle<PaymentSucceeded>
{
    public async Task Handle(PaymentSucceeded message, MessageContext context, CancellationToken cancellationToken)
    {
        var (orderId, paymentId) = (message.OrderId, message.PaymentId);
        var order = (await streams.DecideOrder(
            orderId, state => state.Receive(paymentId, message.Amount, message.Currency), cancellationToken)).OrThrow();
        var eventId = order.Details!.EventId;

        if (order.IsOpen && !order.GivenBack.Contains(paymentId))
        {
            var inventory = (await streams.DecideInventory(eventId, state => state.Sell(orderId, clock.GetUtcNow()), cancellationToken)).OrThrow();
            var sold = inventory.Allotments[orderId].Status is AllotmentStatus.Sold;
            var refused = inventory.ClosedBecause is null ? "sold-out" : "event-cancelled";
            order = (await streams.DecideOrder(
                orderId,
                state => !state.IsOpen ? state.Receive(paymentId, message.Amount, message.Currency)
                    : sold ? state.Confirm(paymentId, message.Amount, message.Currency, clock.GetUtcNow())
                    : state.Refuse(paymentId, message.Amount, message.Currency, refused),
                cancellationToken)).OrThrow();
        }

        if (order is { IsOpen: false, HasTickets: false })
        {
            // Sold, and then the order was closed before it could be confirmed.
            (await streams.DecideInventory(eventId, state => state.Return(orderId), cancellationToken)).OrThrow();
        }
    }
}
