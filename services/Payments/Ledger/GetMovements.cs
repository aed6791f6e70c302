using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Payments.Ledger;

/// <summary>The books of an organisation, or of one of its events, the newest movement first.</summary>
internal static class GetMovements
{
    /// <param name="Next">Cursor of the next page; null at the end.</param>
    public sealed record Response(IReadOnlyList<MovementResponse> Items, string? Next);

    public static void Map(RouteGroupBuilder payments) => payments.MapGet("/ledger/movements", Handle)
        .RequirePlatformAdminOr("billing.manage", "order.read").WithName("GetMovements");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid? organizationId, Guid? eventId, DateTimeOffset? from, DateTimeOffset? to, [AsParameters] PageQuery page, CurrentUser user,
        Documents<Movement> movements, CancellationToken cancellationToken)
    {
        var (whose, refusal) = LedgerQuery.Whose(user, organizationId);
        if ((refusal ?? LedgerQuery.RangeFault(from, to)) is { } no) return no.ToProblem();

        var found = await movements.Query(
            page.ToQuery(LedgerQuery.Conditions(whose, eventId, from, to), new SortBy("recordedAt", Descending: true)), cancellationToken);
        return TypedResults.Ok(new Response([.. found.Items.Select(movement => MovementResponse.Of(movement.Body))], found.Next));
    }
}
