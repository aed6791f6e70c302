using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Inventory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Orders;

internal static class GetEventOrders
{
    /// <param name="Next">Cursor of the next page; null at the end.</param>
    public sealed record Response(IReadOnlyList<OrderLine> Items, string? Next);

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/events/{eventId:guid}/orders", Handle).RequirePermission("order.read").WithName("GetEventOrders");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, [AsParameters] PageQuery page, CurrentUser user, Streams streams, Documents<OrderView> orders, CancellationToken cancellationToken)
    {
        var (inventory, refusal) = await streams.ReadInventory(eventId, cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        if (inventory.Terms is not { } terms || !user.ActsFor(terms.OrganizationId))
        {
            return Refusal.NotFound("event-unknown", "There is no such event.").ToProblem();
        }

        var found = await orders.Query(
            page.ToQuery([new Where.Eq("event", eventId.ToString())], new SortBy("placedAt", Descending: true)), cancellationToken);
        return TypedResults.Ok(new Response([.. found.Items.Select(order => OrderLine.Of(order.Body))], found.Next));
    }
}
