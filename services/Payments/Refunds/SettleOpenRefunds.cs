using EventFly.BuildingBlocks.Documents;
using Microsoft.Extensions.Options;

namespace EventFly.Payments.Refunds;

/// <summary>Looks after refunds without an outcome, so that no money stays that was promised back.</summary>
internal sealed class SettleOpenRefunds(
    Documents<PendingRefund> pending, MakeRefund refunds, TimeProvider clock, IOptions<PaymentsOptions> options, ILogger<SettleOpenRefunds> logger)
    : Sweep<PendingRefund>(pending, "since", options.Value.SettleAfter, clock, options.Value, logger)
{
    private readonly Documents<PendingRefund> pending = pending;

    protected override Task LookAfter(PendingRefund body, CancellationToken cancellationToken) => refunds.Settle(body, cancellationToken);

    protected override async Task Conclude(IReadOnlyList<PendingRefund> seen, CancellationToken cancellationToken) =>
        PaymentMetrics.OpenRefunds(await pending.Count([], cancellationToken));
}
