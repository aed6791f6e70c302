using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EventFly.BuildingBlocks.Messaging;

/// <summary>
/// Sends what was committed. An announcement is forgotten only after the bus has stored it, so none is lost; after a crash some are
/// sent again, and the bus recognises them by their id. Announcements about one aggregate are sent one after the other.
/// </summary>
public sealed partial class Relay(IOutbox outbox, IBus bus, IOptions<MessagingOptions> options, ILogger<Relay> log) : BackgroundService
{
    private static readonly Meter Meter = new("EventFly.Messaging");

    private static readonly Counter<long> Sent =
        Meter.CreateCounter<long>("eventfly.relay.sent", "{message}", "Announcements that the bus has stored.");

    private static readonly Counter<long> Failed =
        Meter.CreateCounter<long>("eventfly.relay.failures", "{failure}", "Rounds of the relay that failed and are tried again.");

    private static long pending;

    private readonly string worker = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.CreateVersion7():N}";

    static Relay() => Meter.CreateObservableGauge(
        "eventfly.relay.pending", static () => Interlocked.Read(ref pending), "{message}", "Announcements that were committed and are not yet on the bus.");

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var entries = await outbox.Take(worker, options.Value.RelayBatch, options.Value.RelayLease, stoppingToken);
                if (entries.Count == 0)
                {
                    Interlocked.Exchange(ref pending, await outbox.Pending(stoppingToken));
                    await outbox.Wait(TimeSpan.FromSeconds(1), stoppingToken);
                    continue;
                }

#if SABOTAGE
                // Forgotten before the bus has them: for a moment they are in memory alone.
                if (Sabotage.Breaks("outbox"))
                {
                    await outbox.Done(entries, stoppingToken);
                    await Task.Delay(TimeSpan.FromSeconds(2), stoppingToken);
                }
#endif
                Interlocked.Exchange(ref pending, entries.Count);
                if (await Send(entries, stoppingToken) is { } failure)
                {
                    throw new BusUnavailableException("The bus took none of the announcements; they stay in the outbox.", failure);
                }

                failures = 0;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken)
            {
                Failed.Add(1);
                var pause = TimeSpan.FromMilliseconds(Math.Min(1000, 50 * Math.Pow(2, Math.Min(failures++, 6))));
                LogFailed(log, broken, pause);
                await Task.Delay(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Answers with the failure when nothing at all could be sent; what was left over comes up in the next round.</summary>
    private async Task<Exception?> Send(IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken)
    {
        var lines = entries.GroupBy(entry => entry.Aggregate, StringComparer.Ordinal).Select(line => SendInOrder(line, cancellationToken)).ToArray();
        var lineResults = await Task.WhenAll(lines);
        var sent = lineResults.SelectMany(result => result.Sent).ToArray();
        if (sent.Length > 0)
        {
            await outbox.Done(sent, cancellationToken);
            Sent.Add(sent.Length);
        }

        return sent.Length > 0 ? null : lineResults.First(result => result.Failure is not null).Failure;
    }

    private async Task<(List<OutboxEntry> Sent, Exception? Failure)> SendInOrder(IEnumerable<OutboxEntry> line, CancellationToken cancellationToken)
    {
        List<OutboxEntry> sent = [];
        foreach (var entry in line)
        {
            try
            {
                await bus.Publish(entry.Announcement, cancellationToken);
                sent.Add(entry);
            }
            catch (Exception failure)
            {
                return (sent, failure);
            }
        }

        return (sent, null);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The relay could not send and tries again in {Pause}.")]
    private static partial void LogFailed(ILogger log, Exception failure, TimeSpan pause);
}
