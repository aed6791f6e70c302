using EventFly.BuildingBlocks.Documents;
using Microsoft.Extensions.Options;

namespace EventFly.Payments.Refunds;

/// <summary>Looks after refunds without an outcome, so that no money stays that was promised back.</summary>
internal sealed partial class SettleOpenRefunds(
    Documents<PendingRefund> pending, MakeRefund refunds, TimeProvider clock, IOptions<PaymentsOptions> options, ILogger<SettleOpenRefunds> logger)
    : BackgroundService
{
    public async Task Sweep(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - options.Value.SettleAfter;
        string? after = null;
        var seen = 0;
        do
        {
            var page = await pending.Query(
                new Query([new Where.Range("since", null, before)], [new SortBy("since")], Math.Min(200, options.Value.MostPerSweep), after),
                cancellationToken);
            seen += page.Items.Count;
            await Parallel.ForEachAsync(
                page.Items,
                new ParallelOptions { MaxDegreeOfParallelism = options.Value.SweepLanes, CancellationToken = cancellationToken },
                async (refund, stopping) =>
                {
                    try
                    {
                        await refunds.Settle(refund.Body, stopping);
                    }
                    catch (Exception exception) when (!stopping.IsCancellationRequested)
                    {
                        // The others have their turn all the same; this one stays pending.
                        Failed(logger, exception, refund.Body.RefundId);
                    }
                });
            after = page.Next;
        }
        while (after is not null && seen < options.Value.MostPerSweep);

        PaymentMetrics.OpenRefunds(await pending.Count([], cancellationToken));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Sweep(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                RoundFailed(logger, exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Refund {RefundId} could not be looked after.")]
    private static partial void Failed(ILogger logger, Exception exception, Guid refundId);

    [LoggerMessage(LogLevel.Error, "A round over open refunds failed; the next one goes on.")]
    private static partial void RoundFailed(ILogger logger, Exception exception);
}
