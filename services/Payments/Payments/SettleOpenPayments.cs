using EventFly.BuildingBlocks.Documents;
using EventFly.Payments.PayableOrders;
using Microsoft.Extensions.Options;

namespace EventFly.Payments.Payments;

/// <summary>
/// Looks after attempts without an outcome: answers that were lost, crashes, webhooks that never came, orders that closed. An attempt that stays
/// open (a buyer at the bank's page) is asked about at growing distances.
/// </summary>
internal sealed partial class SettleOpenPayments(
    Documents<PayableOrder> orders, Documents<UnclaimedCharge> unclaimed, TakePayment payments, TimeProvider clock, IOptions<PaymentsOptions> options,
    ILogger<SettleOpenPayments> logger) : BackgroundService
{
    private readonly AskingLater later = new(clock, options.Value.SettleAfter);

    public async Task Sweep(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - options.Value.SettleAfter;
        var seen = new HashSet<Guid>();
        string? after = null;
        do
        {
            var page = await orders.Query(
                new Query(PayableOrder.OpenBefore(before), [new SortBy("openSince")], Math.Min(200, options.Value.MostPerSweep), after), cancellationToken);
            seen.UnionWith(page.Items.Select(order => order.Body.Open!.PaymentId));
            await Parallel.ForEachAsync(
                page.Items.Select(order => order.Body).Where(order => order.ClosedBecause is not null || later.IsDue(order.Open!.PaymentId)),
                new ParallelOptions { MaxDegreeOfParallelism = options.Value.SweepLanes, CancellationToken = cancellationToken },
                async (order, stopping) =>
                {
                    var open = order.Open!;
                    try
                    {
                        var (payment, _) = await payments.Settle(order.OrderId, open.PaymentId, stopping);
                        if (payment.Status is PaymentStatus.RequiresAction or PaymentStatus.Processing) later.Ask(open.PaymentId, open.Since);
                    }
                    catch (Exception exception) when (!stopping.IsCancellationRequested)
                    {
                        // The others have their turn all the same; this one keeps its place.
                        Failed(logger, exception, open.PaymentId);
                    }
                });
            after = page.Next;
        }
        while (after is not null && seen.Count < options.Value.MostPerSweep);

        later.KeepOnly(seen);
        PaymentMetrics.Open(
            await orders.Count(PayableOrder.OpenBefore(clock.GetUtcNow()), cancellationToken), await unclaimed.Count([], cancellationToken));
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

    [LoggerMessage(LogLevel.Error, "Payment {PaymentId} could not be looked after.")]
    private static partial void Failed(ILogger logger, Exception exception, Guid paymentId);

    [LoggerMessage(LogLevel.Error, "A round over open payments failed; the next one goes on.")]
    private static partial void RoundFailed(ILogger logger, Exception exception);

    /// <summary>When to ask again about what stays open: after as long again as half of its age.</summary>
    private sealed class AskingLater(TimeProvider clock, TimeSpan least)
    {
        private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

        private readonly Dictionary<Guid, DateTimeOffset> due = [];
        private readonly Lock gate = new();

        public bool IsDue(Guid paymentId)
        {
            lock (gate) return !due.TryGetValue(paymentId, out var time) || time <= clock.GetUtcNow();
        }

        public void Ask(Guid paymentId, DateTimeOffset since)
        {
            var now = clock.GetUtcNow();
            var distance = TimeSpan.FromTicks(Math.Clamp((now - since).Ticks / 2, least.Ticks, Longest.Ticks));
            lock (gate) due[paymentId] = now + distance;
        }

        public void KeepOnly(HashSet<Guid> open)
        {
            lock (gate)
            {
                foreach (var gone in due.Keys.Where(paymentId => !open.Contains(paymentId)).ToList()) due.Remove(gone);
            }
        }
    }
}
