using System.Diagnostics;
using EventFly.Bench.Load;
using EventFly.BuildingBlocks.EventStore;
using EventFly.Participants.Inventory;
using EventFly.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EventFly.Bench.Scenarios;

/// <summary>Without HTTP: durable decisions on one inventory, and how long its stream takes to load.</summary>
internal static class Store
{
    private const int Orders = 100_000;
    private const int OrdersAlone = 4_000;
    private const int AtOnce = 2_000;
    private const double Wanted = 20_000;
    private const double WantedLoadMs = 2_000;
    private const double WantedSnapshotLoadMs = 100;
    private const int Buyers = 5_000;

    public static async Task Run(Bench bench, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("eventfly-bench-");
        try
        {
            await using var database = SqliteDatabase.Open(Path.Combine(folder.FullName, "store.db"));
            using var outbox = new SqliteOutbox(database, TimeProvider.System);
            var store = new SqliteEventStore(database, outbox);
            var snapshots = new SqliteSnapshotStore(database, TimeProvider.System);
            var (eventId, typeId) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            var streams = Open(snapshotEvery: 0);
            var decisions = await Fill(streams, eventId, typeId, Orders, cancellationToken);
            var alone = await Fill(Open(snapshotEvery: 0, commitLimit: 1), Guid.CreateVersion7(), typeId, OrdersAlone, cancellationToken);
            bench.Add("decisions in process, a commit each", alone);
            bench.Add("decisions in process", decisions, $"{alone.PerSecond:#,0}/s with a commit each");
            bench.AtLeast("decisions in process per second", Wanted, decisions.PerSecond);

            var events = (await streams.ReadInventory(eventId, cancellationToken)).Version;
            await Load(0, eventId, cancellationToken);
            var withoutOne = await Load(0, eventId, cancellationToken);
            // One stream that is longer than the limit gets its snapshot from being loaded.
            await Load(1_000, eventId, cancellationToken);
            var form = InventoryStream.Definition.Snapshots!;
            await Running.Api.Until(
                async () => (await snapshots.Find(InventoryStream.Definition.StreamOf(eventId), form.Fingerprint, cancellationToken))?.Version == events,
                "the snapshot is written",
                cancellationToken);
            await Load(0, eventId, cancellationToken);
            var withOne = await Load(0, eventId, cancellationToken);
            bench.Add($"load of {events:#,0} events", Once(withoutOne));
            bench.Add($"load of {events:#,0} events with snapshot", Once(withOne));
            bench.AtMost("load without snapshot in ms", WantedLoadMs, withoutOne);
            bench.AtMost("load with snapshot in ms", WantedSnapshotLoadMs, withOne);

            Streams Open(int snapshotEvery, int commitLimit = 512) => new(
                new ServiceCollection().AddSingleton(InventoryStream.Definition).AddSingleton<ISnapshotStore>(snapshots).BuildServiceProvider(),
                store,
                TimeProvider.System,
                Options.Create(new StreamsOptions { SnapshotEvery = snapshotEvery, CommitLimit = commitLimit }));

            async Task<double> Load(int snapshotEvery, Guid id, CancellationToken cancel)
            {
                var began = Stopwatch.GetTimestamp();
                var loaded = await Open(snapshotEvery).ReadInventory(id, cancel);
                var time = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                bench.Check(loaded.State.Allotments.Count == Orders, $"{loaded.State.Allotments.Count} of {Orders} orders were loaded");
                return time;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Measured Once(double milliseconds) => new(1_000 / milliseconds, [milliseconds], 1, 0, new Dictionary<string, int>());

    private static async Task<Measured> Fill(Streams streams, Guid eventId, Guid typeId, int count, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var type = new TicketTerms(typeId, "Regular", 2_500, "EUR", 1_000_000, null, null, null);
        var terms = new EventTerms(eventId, Guid.CreateVersion7(), "Summer Night", now.AddDays(30), now.AddDays(31), "Old Mill", [type]);
        await streams.DecideInventory(eventId, inventory => inventory.Announce(terms, 1, now), cancellationToken);
        var buyers = Enumerable.Range(0, Buyers).Select(_ => Guid.CreateVersion7()).ToArray();
        WantedLine[] lines = [new(typeId, 1)];
        var began = Stopwatch.GetTimestamp();
        var latencies = new long[2 * count];
        for (var from = 0; from < count; from += AtOnce)
        {
            var orders = Enumerable.Range(from, AtOnce).Select(i => (Number: i, Id: Guid.CreateVersion7())).ToArray();
            await Task.WhenAll(orders.Select(order => Timed(
                2 * order.Number, inventory => inventory.Hold(order.Id, buyers[order.Number % Buyers], lines, now, TimeSpan.FromMinutes(10)))));
            await Task.WhenAll(orders.Select(order => Timed((2 * order.Number) + 1, inventory => inventory.Sell(order.Id, now))));
        }

        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return new Measured(
            2 * count / seconds, [.. latencies.Order().Select(ticks => Stopwatch.GetElapsedTime(0, ticks).TotalMilliseconds)], 2 * count, 0, new Dictionary<string, int>());

        async Task Timed(int number, Func<TicketInventory, BuildingBlocks.Decisions.Decision<InventoryEvent>> decide)
        {
            var start = Stopwatch.GetTimestamp();
            var (_, refusal) = await streams.DecideInventory(eventId, decide, cancellationToken);
            latencies[number] = refusal is null ? Stopwatch.GetTimestamp() - start : throw new InvalidOperationException(refusal.Message);
        }
    }
}
