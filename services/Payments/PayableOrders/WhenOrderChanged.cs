using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Participants;

namespace EventFly.Payments.PayableOrders;

/// <summary>
/// The next attempt asks for what the order costs now. An attempt that is under way goes on with what it asked for: the order takes it, and the
/// difference comes back as a refund.
/// </summary>
internal sealed class WhenOrderChanged(Documents<PayableOrder> orders, OrderArrivals arrivals) : IHandle<OrderChanged>
{
    public async Task Handle(OrderChanged message, MessageContext context, CancellationToken cancellationToken)
    {
        var terms = new OrderTerms(
            message.EventId, message.OrganizationId, message.BuyerId, message.Amount, message.Currency, message.PayBy) { Tickets = message.Tickets };
        var (_, refusal) = await orders.Change(
            PayableOrder.IdOf(message.OrderId),
            known => (known?.Body ?? PayableOrder.Unknown(message.OrderId)).Reduce(terms),
            cancellationToken);
        if (refusal is not null) throw new InvalidOperationException($"The order {message.OrderId} was not stored: {refusal.Code}");

        arrivals.HasArrived(message.OrderId);
    }
}
