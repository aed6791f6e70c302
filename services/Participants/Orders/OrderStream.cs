using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.EventStore;

namespace EventFly.Participants.Orders;

internal static class OrderStream
{
    public static StreamDefinition<Order, OrderEvent> Definition { get; } = new(
        "order",
        new EventNames<OrderEvent>()
            .Add<OrderPlaced>("order-placed")
            .Add<OrderConfirmed>("order-confirmed")
            .Add<PaymentAttemptFailed>("payment-attempt-failed")
            .Add<SaleRefused>("sale-refused")
            .Add<SurplusPayment>("surplus-payment")
            .Add<OrderExpired>("order-expired")
            .Add<OrderCancelled>("order-cancelled")
            .Add<TicketsVoided>("tickets-voided")
            .Add<TicketsTakenBack>("tickets-taken-back")
            .Add<TicketsDropped>("tickets-dropped")
            .Add<AttendeeNamed>("attendee-named")
            .Add<QuestionsAnswered>("questions-answered")
            .Add<TicketHandedOver>("ticket-handed-over")
            .Add<RefundRequested>("refund-requested")
            .Add<RefundCompleted>("refund-completed")
            .Add<RefundFailed>("refund-failed")
            .Add<PaymentDisputed>("payment-disputed")
            .Add<DisputeClosed>("dispute-closed"),
        Announcements.Of);

    public static Task<Decided<Order>> DecideOrder(
        this Streams streams, Guid orderId, Func<Order, Decision<OrderEvent>> decide, CancellationToken cancellationToken) =>
        streams.Decide(Definition.StreamOf(orderId), decide, cancellationToken);

    public static Task<Decided<Order>> ReadOrder(this Streams streams, Guid orderId, CancellationToken cancellationToken) =>
        streams.Read<Order, OrderEvent>(Definition.StreamOf(orderId), cancellationToken);

    /// <summary>What was ordered and by whom, which never changes; or why that is not known.</summary>
    public static async Task<(OrderDetails? Details, Refusal? Refusal)> DetailsOf(this Streams streams, Guid orderId, CancellationToken cancellationToken)
    {
        var (order, refusal) = await streams.ReadOrder(orderId, cancellationToken);
        return (order.Details, order.Details is null ? refusal ?? Order.Unknown : refusal);
    }
}
