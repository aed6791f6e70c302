using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using Microsoft.Extensions.Options;

namespace EventFly.Participants.Orders;

/// <summary>Closes orders whose time to pay is over. Their tickets are free without it: the hold has lapsed by the clock.</summary>
internal sealed partial class ExpireUnpaidOrders(
    Streams streams, Documents<OrderView> orders, TimeProvider clock, IOptions<OrderOptions> options, ILogger<ExpireUnpaidOrders> log) : BackgroundService
{
    public async Task Sweep(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        string? after = null;
        do
        {
            var overdue = await orders.Query(
                new Query(
                    [new Where.Eq("status", OrderStatus.Placed.ToString()), new Where.Range("payBy", null, now.AddMilliseconds(1))],
                    [new SortBy("payBy")], options.Value.SweepPage, after),
                cancellationToken);
            foreach (var order in overdue.Items)
            {
                (await streams.DecideOrder(order.Body.OrderId, state => state.Expire(now), cancellationToken)).OrThrow();
            }

            after = overdue.Next;
        }
        while (after is not null);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Sweep(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(log, failure);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for unpaid orders failed. The next round tries again.")]
    private static partial void LogFailed(ILogger log, Exception failure);
}
