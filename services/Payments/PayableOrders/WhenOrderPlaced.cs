using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Participants;

namespace EventFly.Payments.PayableOrders;

internal sealed class WhenOrderPlaced(Documents<PayableOrder> orders, OrderArrivals arrivals) : IHandle<OrderPlaced>
{
    public async Task Handle(OrderPlaced message, MessageContext context, CancellationToken cancellationToken)
    {
        var terms = new OrderTerms(
            message.EventId, message.OrganizationId, message.BuyerId, message.Amount, message.Currency, message.PayBy) { Tickets = message.Tickets };
        var (_, refusal) = await orders.Change(
            PayableOrder.IdOf(message.OrderId),
            known => (known?.Body ?? PayableOrder.Unknown(message.OrderId)).Place(terms),
            cancellationToken);
        if (refusal is not null) throw new InvalidOperationException($"The order {message.OrderId} was not stored: {refusal.Code}");

        arrivals.HasArrived(message.OrderId);
    }
}
