using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Payments.Ledger;

/// <summary>Everything that moved for one order, the oldest first, and what it comes to.</summary>
internal static class GetOrderLedger
{
    private const int MostMovements = 500;

    public sealed record Response(Guid OrderId, IReadOnlyList<MovementResponse> Movements, IReadOnlyList<AccountTotal> Totals);

    public static void Map(RouteGroupBuilder payments) => payments.MapGet("/orders/{orderId:guid}/ledger", Handle)
        .RequirePlatformAdminOr("billing.manage", "order.read").WithName("GetOrderLedger");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid orderId, CurrentUser user, Documents<Movement> movements, CancellationToken cancellationToken)
    {
        var found = await movements.Query(
            new Query([new Where.Eq("orderId", orderId.ToString("N"))], [new SortBy("recordedAt")], MostMovements), cancellationToken);
        var mine = found.Items.Select(movement => movement.Body).Where(movement => user.IsPlatformAdmin || user.ActsFor(movement.OrganizationId)).ToList();
        if (mine.Count == 0) return Refusal.NotFound("order-not-found", "Nothing has moved for such an order.").ToProblem();

        var totals = new Totals();
        foreach (var movement in mine)
        {
            foreach (var entry in movement.Entries) totals.Add(entry.Account, movement.Currency, entry.Amount);
        }

        return TypedResults.Ok(new Response(orderId, [.. mine.Select(MovementResponse.Of)], totals.ToList()));
    }
}
