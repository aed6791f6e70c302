using System.Collections.Concurrent;
using System.Diagnostics;

namespace EventFly.Bench.Load;

/// <summary>What one client does once, and whether it came to what it should.</summary>
internal delegate ValueTask<Outcome> Step(CancellationToken cancellationToken);

internal readonly record struct Outcome(bool Succeeded, string? Failure)
{
    public static Outcome Success { get; } = new(true, null);

    public static Outcome Of(int status, int wanted = 200) => status == wanted ? Success : new(false, status.ToString(System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>Many clients at once, for a bounded time.</summary>
internal static class Rush
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Each client begins again when it is done. What was begun during the warm-up counts in the totals, not in rate and latency.</summary>
    public static Task<Measured> Closed(int clients, TimeSpan warmUp, TimeSpan duration, Func<int, Step> clientOf, CancellationToken cancellationToken) =>
        Run(clients, warmUp, duration, clientOf, rate: 0, cancellationToken);

    /// <summary>
    /// Requests begin at fixed moments, however slow the answers are; a request that has to wait for a free client waits on the clock of its own moment.
    /// </summary>
    public static Task<Measured> Paced(int clients, double rate, TimeSpan duration, Func<int, Step> clientOf, CancellationToken cancellationToken) =>
        Run(clients, TimeSpan.Zero, duration, clientOf, rate, cancellationToken);

    private static async Task<Measured> Run(
        int clients, TimeSpan warmUp, TimeSpan duration, Func<int, Step> clientOf, double rate, CancellationToken cancellationToken)
    {
        var failures = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var steps = Enumerable.Range(0, clients).Select(clientOf).ToArray();
        var began = Stopwatch.GetTimestamp();
        var measureFrom = began + Ticks(warmUp);
        var end = measureFrom + Ticks(duration);
        var next = -1L;
        var results = await Task.WhenAll(steps.Select(step => Task.Run(() => Client(step), cancellationToken)));
        var latencies = results.SelectMany(result => result.Latencies).Order().ToArray();
        return new Measured(
            latencies.Length / duration.TotalSeconds,
            [.. latencies.Select(ticks => Stopwatch.GetElapsedTime(0, ticks).TotalMilliseconds)],
            results.Sum(result => result.Succeeded),
            results.Sum(result => result.Failed),
            failures.ToDictionary());

        async Task<(List<long> Latencies, int Succeeded, int Failed)> Client(Step step)
        {
            List<long> latencies = [];
            var (succeeded, failed) = (0, 0);
            while (true)
            {
                var from = Stopwatch.GetTimestamp();
                if (rate > 0)
                {
                    from = began + (long)(Interlocked.Increment(ref next) / rate * Stopwatch.Frequency);
                    if (from < end && Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), from) is var early && early > TimeSpan.Zero)
                    {
                        await Task.Delay(early, cancellationToken);
                    }
                }

                if (from >= end)
                {
                    return (latencies, succeeded, failed);
                }

                Outcome outcome;
                try
                {
                    using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                    limit.CancelAfter(Patience);
                    outcome = await step(limit.Token);
                }
                catch (Exception broken) when (broken is IOException || (broken is OperationCanceledException && !cancellationToken.IsCancellationRequested))
                {
                    outcome = new Outcome(false, broken is IOException ? broken.Message : "no answer in time");
                }

                var done = Stopwatch.GetTimestamp();
                if (outcome.Succeeded)
                {
                    succeeded++;
                    // The rate is what was finished within the time.
                    if (from >= measureFrom && (done <= end || rate > 0))
                    {
                        latencies.Add(done - from);
                    }
                }
                else
                {
                    failed++;
                    failures.AddOrUpdate(outcome.Failure ?? "failed", 1, static (_, count) => count + 1);
                }
            }
        }
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}

/// <param name="PerSecond">Successes within the measured time.</param>
/// <param name="Latencies">In milliseconds, ascending.</param>
/// <param name="Succeeded">Warm-up included.</param>
/// <param name="Failures">By reason.</param>
internal sealed record Measured(double PerSecond, double[] Latencies, int Succeeded, int Failed, IReadOnlyDictionary<string, int> Failures)
{
    /// <summary>The latency that this share of the requests did not exceed.</summary>
    public double Percentile(double share) => Latencies.Length == 0 ? 0 : Latencies[Math.Clamp((int)Math.Ceiling(share * Latencies.Length) - 1, 0, Latencies.Length - 1)];
}
