using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using EventFly.Payments.Processor;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Payments.Reconciliation;

/// <summary>Compares now what the next regular comparison would. May be asked for at any time, as often as one likes.</summary>
internal static class StartReconciliation
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public static void Map(RouteGroupBuilder payments) => payments.MapPost("/reconciliation", Handle)
        .RequirePlatformAdmin().WithRequestTimeout(Longest).WithName("StartReconciliation");

    private static async Task<Results<Ok<ReconciliationState>, ProblemHttpResult>> Handle(Reconciler reconciler, CancellationToken cancellationToken)
    {
        try
        {
            return TypedResults.Ok(await reconciler.Run(cancellationToken));
        }
        catch (PaymentProcessorUnavailableException unavailable)
        {
            return Refusal.Unavailable(
                "processor-unavailable", "The payment provider does not answer. What was compared is kept.", unavailable.RetryAfter ?? TimeSpan.FromSeconds(30)).ToProblem();
        }
    }
}
