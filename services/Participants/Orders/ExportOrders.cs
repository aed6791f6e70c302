using System.Text.Json;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Inventory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Orders;

/// <summary>Every order of an event, the newest first; money in minor units.</summary>
internal static class ExportOrders
{
    private const int PageSize = 500;

    private static readonly string[] Headings =
        ["orderId", "buyerId", "placedAt", "confirmedAt", "status", "tickets", "amount", "refunded", "currency", "disputed"];

    public static void Map(RouteGroupBuilder api) => api.MapGet("/events/{eventId:guid}/orders.csv", Handle)
        .RequirePermission("order.read").WithName("ExportOrders").Produces<string>(200, "text/csv");

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> Handle(
        Guid eventId, CurrentUser user, HttpContext http, Streams streams, Documents<OrderView> orders, CancellationToken cancellationToken)
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

        http.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.Stream(
            async body =>
            {
                await using var csv = new Csv(body);
                await csv.Row(Headings, http.RequestAborted);
                string? after = null;
                do
                {
                    var page = await orders.Query(
                        new Query([new Where.Eq("event", eventId.ToString())], [new SortBy("placedAt", Descending: true)], PageSize, after), http.RequestAborted);
                    foreach (var order in page.Items)
                    {
                        await csv.Row(Cells(order.Body), http.RequestAborted);
                    }

                    after = page.Next;
                }
                while (after is not null);
            },
            Csv.MediaType, $"orders-{eventId}.csv");
    }

    private static string[] Cells(OrderView order) =>
    [
        order.OrderId.ToString(), order.BuyerId.ToString(), Csv.Time(order.PlacedAt), Csv.Time(order.ConfirmedAt),
        JsonNamingPolicy.CamelCase.ConvertName(order.Status.ToString()), Csv.Number(order.Tickets), Csv.Number(order.Amount), Csv.Number(order.Refunded),
        order.Currency, order.IsDisputed ? "yes" : "no",
    ];
}
