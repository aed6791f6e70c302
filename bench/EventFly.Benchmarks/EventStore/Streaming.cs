using BenchmarkDotNet.Attributes;
using EventFly.BuildingBlocks.EventStore;
using EventFly.Participants.Inventory;
using EventFly.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EventFly.Benchmarks.EventStore;

/// <summary>Durable commits of different size, and loading a stream of 20,000 orders with and without its snapshot.</summary>
[MemoryDiagnoser]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "CleanUp disposes.")]
public class Streaming
{
    private const int Orders = 20_000;

    private readonly string folder = Directory.CreateTempSubdirectory("eventfly-benchmarks-").FullName;
    private SqliteDatabase database = null!;
    private SqliteOutbox outbox = null!;
    private SqliteEventStore store = null!;
    private SqliteSnapshotStore snapshots = null!;
    private IReadOnlyList<NewEvent> events = [];
    private Snapshot snapshot = null!;

    [GlobalSetup]
    public async Task SetUp()
    {
        database = SqliteDatabase.Open(Path.Combine(folder, "store.db"));
        outbox = new SqliteOutbox(database, TimeProvider.System);
        store = new SqliteEventStore(database, outbox);
        snapshots = new SqliteSnapshotStore(database, TimeProvider.System);
        var happened = Inventories.Events(Orders);
        events = [.. happened.Select(InventoryStream.Definition.Names.Write)];
        var version = 0L;
        foreach (var commit in events.Chunk(200))
        {
            await store.Append(new Commit(Stream, version, Guid.CreateVersion7(), Inventories.Now, commit, []), CancellationToken.None);
            version += commit.Length;
        }

        // Once with snapshots on, so that what is kept is what the product keeps.
        await Open(snapshotEvery: 1).ReadInventory(Inventories.EventId, CancellationToken.None);
        while (await snapshots.Find(Stream, InventoryStream.Definition.Snapshots!.Fingerprint, CancellationToken.None) is not { } kept || kept.Version < version)
        {
            await Task.Delay(20);
        }

        snapshot = (await snapshots.Find(Stream, InventoryStream.Definition.Snapshots!.Fingerprint, CancellationToken.None))!;
    }

    [GlobalCleanup]
    public async Task CleanUp()
    {
        outbox.Dispose();
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Benchmark]
    [Arguments(1)]
    [Arguments(64)]
    [Arguments(512)]
    public Task<AppendOutcome> Append(int size) =>
        store.Append(new Commit($"bench-{Guid.CreateVersion7():N}", 0, Guid.CreateVersion7(), Inventories.Now, [.. events.Take(size)], []), CancellationToken.None);

    [Benchmark]
    public Task<Decided<TicketInventory>> LoadWithSnapshot() => Open(snapshotEvery: 0).ReadInventory(Inventories.EventId, CancellationToken.None);

    [Benchmark]
    public Task<Decided<TicketInventory>> LoadWithoutSnapshot() => Open(snapshotEvery: 0, without: true).ReadInventory(Inventories.EventId, CancellationToken.None);

    [Benchmark]
    public IReadOnlyList<ReadOnlyMemory<byte>> WriteSnapshot() => InventoryStream.Definition.Snapshots!.Write(InventoryStream.Definition.Snapshots.Read(snapshot.Parts));

    private static string Stream => InventoryStream.Definition.StreamOf(Inventories.EventId);

    private Streams Open(int snapshotEvery, bool without = false)
    {
        var services = new ServiceCollection().AddSingleton(InventoryStream.Definition);
        if (!without)
        {
            services.AddSingleton<ISnapshotStore>(snapshots);
        }

        return new Streams(services.BuildServiceProvider(), store, TimeProvider.System, Options.Create(new StreamsOptions { SnapshotEvery = snapshotEvery }));
    }
}
