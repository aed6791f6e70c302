using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using Microsoft.Extensions.Options;

namespace EventFly.Participants.Orders;

/// <summary>Closes orders whose time to pay is over. Their tickets are free without it: the hold has lapsed by the clock.</summary>
internal sealed class ExpireUnpaidOrders(
    Streams streams, Documents<OrderView> orders, TimeProvider clock, IOptions<OrderOptions> options, ILogger<ExpireUnpaidOrders> log)
    : Rounds(clock, options.Value.SweepInterval, log)
{
    private readonly TimeProvider clock = clock;

    protected override async Task Round(CancellationToken cancellationToken)
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
}
