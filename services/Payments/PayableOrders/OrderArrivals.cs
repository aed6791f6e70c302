using EventFly.BuildingBlocks.Documents;
using Microsoft.Extensions.Options;

namespace EventFly.Payments.PayableOrders;

/// <summary>A buyer's app may be faster than the message about the order. Then the payment waits here, for a bounded time.</summary>
internal sealed class OrderArrivals(Documents<PayableOrder> orders, TimeProvider clock, IOptions<PaymentsOptions> options)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, Line> lines = [];
    private int waiting;

    public int Waiting
    {
        get
        {
            lock (gate) return waiting;
        }
    }

    /// <summary>The order as soon as its message is here; null when it did not come in time.</summary>
    public async Task<PayableOrder?> Get(Guid orderId, CancellationToken cancellationToken)
    {
        if (await Placed(orderId, cancellationToken) is { } known) return known;
        if (options.Value.OrderWait == TimeSpan.Zero || Join(orderId) is not { } line) return null;
        try
        {
            // It may have come between the look and the place in the line.
            if (await Placed(orderId, cancellationToken) is { } meanwhile) return meanwhile;
            var late = Task.Delay(options.Value.OrderWait, clock, line.Left.Token);
            await Task.WhenAny(line.Arrived.Task, late).WaitAsync(cancellationToken);
            // Looked up after a time-out, too: another process may have got the message.
            return await Placed(orderId, cancellationToken);
        }
        finally
        {
            Leave(orderId, line);
        }
    }

    public void HasArrived(Guid orderId)
    {
        lock (gate)
        {
            if (lines.TryGetValue(orderId, out var line)) line.Arrived.TrySetResult();
        }
    }

    private async Task<PayableOrder?> Placed(Guid orderId, CancellationToken cancellationToken) =>
        (await orders.Get(PayableOrder.IdOf(orderId), cancellationToken))?.Body is { Terms: not null } order ? order : null;

    private Line? Join(Guid orderId)
    {
        lock (gate)
        {
            if (waiting >= options.Value.MostWaiting) return null;
            if (!lines.TryGetValue(orderId, out var line)) lines.Add(orderId, line = new Line());
            line.Length++;
            waiting++;
            return line;
        }
    }

    private void Leave(Guid orderId, Line line)
    {
        lock (gate)
        {
            waiting--;
            if (--line.Length > 0) return;
            lines.Remove(orderId);
        }

        line.Left.Cancel();
        line.Left.Dispose();
    }

    private sealed class Line
    {
        public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Ends the waiting timers with the last who waits.</summary>
        public CancellationTokenSource Left { get; } = new();

        public int Length { get; set; }
    }
}
