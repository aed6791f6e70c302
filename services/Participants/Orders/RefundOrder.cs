using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Inventory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Orders;

/// <summary>The organiser gives money back: all that is left, that of chosen tickets, a free amount, or again what failed.</summary>
internal static class RefundOrder
{
    /// <summary>Without a body, or with an empty one: everything that is left.</summary>
    /// <param name="TicketIds">These tickets die, and their price goes back.</param>
    /// <param name="Amount">In minor units; goes back while the tickets stay good.</param>
    /// <param name="Retry">A refund of this order that failed.</param>
    public sealed record Request(
        [MinLength(1), MaxLength(TicketInventory.MostPerHold)] IReadOnlyList<Guid>? TicketIds, [Range(1.0, 1e15)] long? Amount, Guid? Retry);

    // PUT, because the organiser's app picks the refund id: sending it again refunds once. Tickets die and stock comes back by our own news.
    public static void Map(RouteGroupBuilder api) =>
        api.MapPut("/orders/{orderId:guid}/refunds/{refundId:guid}", Handle).RequirePermission("order.refund").WithName("RefundOrder");

    private static async Task<Results<Ok<OrderResponse>, ProblemHttpResult>> Handle(
        Guid orderId, Guid refundId, Request? request, CurrentUser user, HttpResponse http, Streams streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (refundId == Guid.Empty)
        {
            return Refusal.Invalid("id-empty", "Choose an id of your own, a UUIDv7.", "refundId").ToProblem();
        }

        if (new object?[] { request?.TicketIds, request?.Amount, request?.Retry }.Count(given => given is not null) > 1)
        {
            return Refusal.Invalid("refund-ambiguous", "Send ticketIds, an amount or a retry, not several of them.").ToProblem();
        }

        var refunded = await streams.DecideOrder(
            orderId,
            order => order.Details is { } details && user.ActsFor(details.OrganizationId)
                ? Decide(order, refundId, request, clock.GetUtcNow())
                : Order.Unknown,
            cancellationToken);
        if (refunded.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        http.SetETag(refunded.Version);
        return TypedResults.Ok(OrderResponse.Of(refunded.State, toOrganizer: true));
    }

    private static Decision<OrderEvent> Decide(Order order, Guid refundId, Request? request, DateTimeOffset now) => request switch
    {
        { TicketIds: { } tickets } => order.RefundTickets(refundId, tickets, now),
        { Amount: { } amount } => order.RefundAmount(refundId, amount),
        { Retry: { } failed } => order.RetryRefund(refundId, failed),
        _ => order.RefundAll(refundId, now),
    };
}
