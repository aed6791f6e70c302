using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Participants;

namespace EventFly.Payments.PayableOrders;

/// <summary>
/// The next attempt asks for what the order costs now. An attempt that is under way goes on with what it asked for: the order takes it, and the
/// difference comes back as a refund.
/// </summary>
internal sealed class KeepOrderTerms(Documents<PayableOrder> orders, OrderArrivals arrivals) : IHandle<OrderPlaced>, IHandle<OrderChanged>
{
    public Task Handle(OrderPlaced message, MessageContext context, CancellationToken cancellationToken) => Keep(
        message.OrderId,
        new(message.EventId, message.OrganizationId, message.BuyerId, message.Amount, message.Currency, message.PayBy) { Tickets = message.Tickets },
        static (order, terms) => order.Place(terms),
        cancellationToken);

    public Task Handle(OrderChanged message, MessageContext context, CancellationToken cancellationToken) => Keep(
        message.OrderId,
        new(message.EventId, message.OrganizationId, message.BuyerId, message.Amount, message.Currency, message.PayBy) { Tickets = message.Tickets },
        static (order, terms) => order.Reduce(terms),
        cancellationToken);

    private async Task Keep(
        Guid orderId, OrderTerms terms, Func<PayableOrder, OrderTerms, Change<PayableOrder>> decide, CancellationToken cancellationToken)
    {
        var (_, refusal) = await orders.Change(
            PayableOrder.IdOf(orderId), known => decide(known?.Body ?? PayableOrder.Unknown(orderId), terms), cancellationToken);
        if (refusal is not null) throw new InvalidOperationException($"The order {orderId} was not stored: {refusal.Code}");

        arrivals.HasArrived(orderId);
    }
}
