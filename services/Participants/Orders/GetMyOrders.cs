using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Orders;

internal static class GetMyOrders
{
    /// <param name="Next">Cursor of the next page; null at the end.</param>
    public sealed record Response(IReadOnlyList<OrderLine> Items, string? Next);

    public static void Map(RouteGroupBuilder api) => api.MapGet("/orders", Handle).RequireParticipant().WithName("GetMyOrders");

    private static async Task<Ok<Response>> Handle(
        [AsParameters] PageQuery page, CurrentUser user, Documents<OrderView> orders, CancellationToken cancellationToken)
    {
        var found = await orders.Query(
            page.ToQuery([new Where.Eq("buyer", user.Id.ToString())], new SortBy("placedAt", Descending: true)), cancellationToken);
        return TypedResults.Ok(new Response([.. found.Items.Select(order => OrderLine.Of(order.Body))], found.Next));
    }
}
