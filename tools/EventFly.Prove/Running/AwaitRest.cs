using System.Diagnostics;
using System.Text.Json;
using EventFly.Prove.Plan;

namespace EventFly.Prove.Running;

/// <summary>Waits until nothing is under way any more, anywhere.</summary>
internal sealed class AwaitRest(ThrowAwaySystem system, HttpClient simulator)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    /// <summary>What is still under way when the patience is over; empty if all is at rest.</summary>
    public async Task<IReadOnlyList<string>> Run(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        // What was held last lapses without anybody's doing.
        await Task.Delay(RunPlan.HoldTime, cancellationToken);
        var (before, stillFor) = (-1L, 0);
        while (true)
        {
            var (open, written) = await Look(cancellationToken);
            stillFor = open.Count == 0 && written == before ? stillFor + 1 : 0;
            if (stillFor == 2) return [];
            if (Stopwatch.GetElapsedTime(began) > Patience) return open.Count > 0 ? open : ["Something is still being written."];

            before = written;
            await Task.Delay(Apart, cancellationToken);
        }
    }

    private async Task<(List<string> Open, long Written)> Look(CancellationToken cancellationToken)
    {
        var open = new List<string>();
        long written = 0;
        try
        {
            foreach (var service in ThrowAwaySystem.Services)
            {
                using var database = new ReadDatabase(await system.DatabaseFile(service));
                Note(database.Count("outbox"), $"announcements in the outbox of {service}");
                written += database.Count("commits");
                if (service is "participants") Note(database.Count("d_orders WHERE f_status = 'Placed'"), "orders that wait for their payment or their end");
                if (service is not "payments") continue;
                Note(database.Count("d_payable_orders WHERE f_openSince IS NOT NULL"), "payments without an outcome");
                Note(database.Count("d_payable_orders WHERE f_awaitingSince IS NOT NULL"), "payments without tickets or refund");
                Note(database.Count("d_pending_refunds WHERE body IS NOT NULL"), "refunds without an outcome");
            }

            Note(await Consumers.Pending(await system.Nats(), cancellationToken), "messages that were not handled yet");
            var webhooks = JsonElement.Parse(await simulator.GetStringAsync(new Uri("/_simulator/webhooks", UriKind.Relative), cancellationToken));
            Note(webhooks.GetProperty("queued").GetInt64() + webhooks.GetProperty("waiting").GetInt64(), "webhooks that were not delivered yet");
        }
        catch (Exception notNow) when (notNow is Microsoft.Data.Sqlite.SqliteException or IOException or System.Net.Sockets.SocketException or HttpRequestException
            || (notNow is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            open.Add($"It could not be looked at: {notNow.Message}");
        }

        return (open, written);

        void Note(long count, string what)
        {
            if (count > 0) open.Add($"{count} {what}");
        }
    }
}
