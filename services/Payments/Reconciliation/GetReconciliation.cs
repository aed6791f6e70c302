using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Payments.Reconciliation;

/// <summary>How far the comparison has come, and what the last one saw.</summary>
internal static class GetReconciliation
{
    public static void Map(RouteGroupBuilder payments) => payments.MapGet("/reconciliation", Handle).RequirePlatformAdmin().WithName("GetReconciliation");

    private static async Task<Results<Ok<ReconciliationState>, ProblemHttpResult>> Handle(
        Documents<ReconciliationState> states, CancellationToken cancellationToken) =>
        await states.Get(ReconciliationState.Id, cancellationToken) is { } state
            ? TypedResults.Ok(state.Body)
            : Refusal.NotFound("not-reconciled-yet", "Nothing was compared yet.").ToProblem();
}
