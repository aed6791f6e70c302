using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using Said = EventFly.Contracts.Participants;

namespace EventFly.Participants.Orders;

/// <summary>
/// Brings the lists of orders up to date whenever an order says that something happened. What is written is the order as it is now,
/// never as the message knew it, so that messages may come twice, late and in any order.
/// </summary>
internal sealed class KeepOrderView(Streams streams, Documents<OrderView> views)
    : IHandle<Said.OrderPlaced>, IHandle<Said.OrderChanged>, IHandle<Said.OrderConfirmed>, IHandle<Said.OrderClosed>, IHandle<Said.TicketsVoided>,
        IHandle<Said.RefundRequested>
{
    public Task Handle(Said.OrderChanged message, MessageContext context, CancellationToken cancellationToken) => Refresh(message.OrderId, cancellationToken);

    public Task Handle(Said.OrderPlaced message, MessageContext context, CancellationToken cancellationToken) => Refresh(message.OrderId, cancellationToken);

    public Task Handle(Said.OrderConfirmed message, MessageContext context, CancellationToken cancellationToken) => Refresh(message.OrderId, cancellationToken);

    public Task Handle(Said.OrderClosed message, MessageContext context, CancellationToken cancellationToken) => Refresh(message.OrderId, cancellationToken);

    public Task Handle(Said.TicketsVoided message, MessageContext context, CancellationToken cancellationToken) => Refresh(message.OrderId, cancellationToken);

    public Task Handle(Said.RefundRequested message, MessageContext context, CancellationToken cancellationToken) => Refresh(message.OrderId, cancellationToken);

    public async Task Refresh(Guid orderId, CancellationToken cancellationToken)
    {
        var decided = await streams.ReadOrder(orderId, cancellationToken);
        var view = OrderView.Of(decided.OrThrow(), decided.Version);
        (await views.Change(
            orderId.ToString(),
            current => current is not null && current.Body.Revision >= view.Revision ? Decision.Nothing : view,
            cancellationToken)).OrThrow();
    }
}
