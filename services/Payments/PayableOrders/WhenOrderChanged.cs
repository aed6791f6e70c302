using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Participants;

namespace EventFly.Payments.PayableOrders;

/// <summary>Tickets were dropped: from now on it costs less. An attempt that had begun brings the old amount, and Participants gives the difference back.</summary>
internal sealed class WhenOrderChanged(Documents<PayableOrder> orders, OrderArrivals arrivals) : IHandle<OrderChanged>
{
    public async Task Handle(OrderChanged message, MessageContext context, CancellationToken cancellationToken)
    {
        var terms = new OrderTerms(message.EventId, message.OrganizationId, message.BuyerId, message.Amount, message.Currency, message.PayBy)
        {
            Tickets = message.Tickets,
        };
        var (_, refusal) = await orders.Change(
            PayableOrder.IdOf(message.OrderId),
            known => (known?.Body ?? PayableOrder.Unknown(message.OrderId)).Lower(terms),
            cancellationToken);
        if (refusal is not null) throw new InvalidOperationException($"The change of order {message.OrderId} was not stored: {refusal.Code}");

        arrivals.HasArrived(message.OrderId);
    }
}
