using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Orders;

internal static class GetOrder
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/orders/{orderId:guid}", Handle).RequireSignIn().WithName("GetOrder");

    private static async Task<Results<Ok<OrderResponse>, ProblemHttpResult>> Handle(
        Guid orderId, CurrentUser user, HttpResponse http, Streams streams, CancellationToken cancellationToken)
    {
        var found = await streams.ReadOrder(orderId, cancellationToken);
        if (found.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        if (found.State.Details is not { } details
            || !(details.BuyerId == user.Id || (user.ActsFor(details.OrganizationId) && user.May(Permissions.OrderRead, details.EventId))))
        {
            return Order.Unknown.ToProblem();
        }

        http.SetETag(found.Version);
        return TypedResults.Ok(OrderResponse.Of(found.State, toOrganizer: user.ActsFor(details.OrganizationId)));
    }
}
