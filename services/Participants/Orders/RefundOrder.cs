using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Orders;

internal static class RefundOrder
{
    // PUT, because the organiser's app picks the refund id: sending it again refunds once. Tickets die and stock comes back by our own news.
    public static void Map(RouteGroupBuilder api) =>
        api.MapPut("/orders/{orderId:guid}/refunds/{refundId:guid}", Handle).RequirePermission("order.refund").WithName("RefundOrder");

    private static async Task<Results<Ok<OrderResponse>, ProblemHttpResult>> Handle(
        Guid orderId, Guid refundId, CurrentUser user, HttpResponse http, Streams streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        var refunded = await streams.DecideOrder(
            orderId,
            order => order.Details is { } details && user.ActsFor(details.OrganizationId)
                ? order.RefundAll(refundId, clock.GetUtcNow())
                : Refusal.NotFound("order-unknown", "There is no such order."),
            cancellationToken);
        if (refunded.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        http.SetETag(refunded.Version);
        return TypedResults.Ok(OrderResponse.Of(refunded.State));
    }
}
