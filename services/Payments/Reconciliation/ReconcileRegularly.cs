using EventFly.BuildingBlocks;
using Microsoft.Extensions.Options;

namespace EventFly.Payments.Reconciliation;

internal sealed class ReconcileRegularly(Reconciler reconciler, TimeProvider clock, IOptions<PaymentsOptions> options, ILogger<ReconcileRegularly> logger)
    : Rounds(clock, options.Value.ReconcileEvery, logger)
{
    protected override Task Round(CancellationToken cancellationToken) => reconciler.Run(cancellationToken);
}
