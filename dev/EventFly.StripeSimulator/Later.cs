using Microsoft.Extensions.Options;

namespace EventFly.StripeSimulator;

/// <summary>Runs small things at their time: late webhooks, payments that settle by and by.</summary>
internal sealed partial class Later(IOptions<WebhookOptions> options, TimeProvider clock, ILogger<Later> logger) : BackgroundService
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<Action, long> waiting = new();
    private readonly SemaphoreSlim wake = new(0);

    public int Waiting
    {
        get
        {
            lock (gate) return waiting.Count;
        }
    }

    /// <returns>False when too much waits already.</returns>
    public bool Run(TimeSpan delay, Action action)
    {
        var due = clock.GetTimestamp() + (long)(delay.TotalSeconds * clock.TimestampFrequency);
        bool isNext;
        lock (gate)
        {
            if (waiting.Count >= options.Value.QueueLimit) return false;
            waiting.Enqueue(action, due);
            isNext = ReferenceEquals(waiting.Peek(), action);
        }

        if (isNext) wake.Release();
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            Action? due = null;
            var pause = Timeout.InfiniteTimeSpan;
            lock (gate)
            {
                if (waiting.TryPeek(out _, out var at))
                {
                    var left = at - clock.GetTimestamp();
                    if (left <= 0) due = waiting.Dequeue();
                    else pause = TimeSpan.FromSeconds((double)left / clock.TimestampFrequency) + TimeSpan.FromMilliseconds(1);
                }
            }

            if (due is null)
            {
                await wake.WaitAsync(pause, stoppingToken);
                continue;
            }

            try
            {
                due();
            }
            catch (Exception exception)
            {
                // The next one must run all the same; the log is what this process has to say.
                ActionFailed(logger, exception);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Something that was due later failed.")]
    private static partial void ActionFailed(ILogger logger, Exception exception);
}
