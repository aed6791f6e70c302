using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Inventory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Orders;

internal static class CancelOrder
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/orders/{orderId:guid}/cancellation", Handle).RequireParticipant().WithName("CancelOrder");

    private static async Task<Results<Ok<OrderResponse>, ProblemHttpResult>> Handle(
        Guid orderId, CurrentUser user, HttpResponse http, Streams streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        var cancelled = await streams.DecideOrder(orderId, order => order.Cancel(user.Id, clock.GetUtcNow()), cancellationToken);
        if (cancelled.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        // A refusal here says that a payment was faster: the reaction to that payment gives tickets and money back.
        // Should this not be reached, the hold ends by its deadline.
        await streams.DecideInventory(
            cancelled.State.Details!.EventId, inventory => inventory.Release(orderId, user.Id, clock.GetUtcNow()), cancellationToken);
        http.SetETag(cancelled.Version);
        return TypedResults.Ok(OrderResponse.Of(cancelled.State));
    }
}
