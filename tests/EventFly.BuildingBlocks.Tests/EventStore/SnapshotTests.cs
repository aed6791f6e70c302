using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Snapshots;
using EventFly.BuildingBlocks.Tests.Storage;
using EventFly.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EventFly.BuildingBlocks.Tests.EventStore;

public sealed class SnapshotTests : IAsyncDisposable
{
    private const string Stream = "counter-1";

    private readonly TemporaryFolder folder = new();
    private readonly TestClock clock = new();
    private readonly StorageUnderTest storage;

    public SnapshotTests() => storage = SqliteFiles.Open(Path.Combine(folder.Path, "streams.db"), clock);

    public async ValueTask DisposeAsync()
    {
        await storage.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_snapshot_is_written_after_so_many_events_and_loading_begins_there()
    {
        var streams = Open();
        for (var i = 0; i < 25; i++)
        {
            await Take(streams, i);
            if (i is 9 or 19)
            {
                await Kept(i + 1);
            }
        }

        var reads = new CountingStore(storage.Streams);
        var loaded = await Open(store: reads).Read<Counter, CounterEvent>(Stream, default);

        Assert.Equal((25, 25L), (loaded.State.Free, loaded.Version));
        Assert.Equal(Enumerable.Range(0, 25), loaded.State.Takers.Order());
        // The last event of the snapshot, to see that it is of this stream, and what came after it.
        Assert.Equal([20, 21, 22, 23, 24, 25], reads.Versions);
    }

    [Fact]
    public async Task A_long_stream_that_was_loaded_without_one_gets_one()
    {
        var without = Open(options => options.SnapshotEvery = 0);
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Take(without, i)));
        Assert.Null(await Find());

        await Open().Read<Counter, CounterEvent>(Stream, default);

        await Kept(30);
    }

    [Fact]
    public async Task Nobody_waits_for_a_snapshot_and_nobody_hears_when_it_fails()
    {
        var stuck = new StuckSnapshots();
        var streams = Open(snapshots: stuck);

        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(49 - i, (await Take(streams, i)).State.Free);
        }

        Assert.Equal(1, stuck.Saves);
        stuck.Break();
        await Eventually.True(
            async () =>
            {
                await streams.Decide<Counter, CounterEvent>(Stream, _ => Enumerable.Range(0, 10).Select(_ => (CounterEvent)new Noted("x")).ToArray(), default);
                return stuck.Saves > 1;
            },
            "the next snapshot is tried");
        Assert.Equal(20, (await streams.Read<Counter, CounterEvent>(Stream, default)).State.Free);
    }

    [Fact]
    public async Task A_snapshot_that_is_newer_than_the_stream_is_passed_over()
    {
        await Fill(12);
        await Save(state => state with { Free = -1 }, version: 13);

        Assert.Equal((38, 12L), await Loaded());
    }

    [Fact]
    public async Task A_snapshot_of_another_history_is_passed_over()
    {
        await Fill(12);
        await Save(state => state with { Free = -1 }, version: 12, lastEvent: new string('0', 64));

        Assert.Equal((38, 12L), await Loaded());
    }

    [Fact]
    public async Task A_snapshot_that_other_code_made_is_passed_over()
    {
        await Fill(12);
        await Save(state => state with { Free = -1 }, version: 12, fingerprint: "other code");

        Assert.Equal((38, 12L), await Loaded());
        Assert.NotEqual(SnapshotForm.Of<Counter>().Fingerprint, SnapshotForm.Of<SnapshotFormOfAnother>().Fingerprint);
    }

    [Fact]
    public async Task A_damaged_snapshot_is_passed_over()
    {
        await Fill(12);
        await Save(state => state with { Free = -1 }, version: 12, damage: parts => [parts[0][..1], .. parts.Skip(1)]);

        Assert.Equal((38, 12L), await Loaded());
    }

    [Fact]
    public async Task A_good_snapshot_is_believed()
    {
        // The others above would also pass if no snapshot was ever read.
        await Fill(12);
        await Save(state => state with { Free = -1 }, version: 12);

        Assert.Equal((-1, 12L), await Loaded());
    }

    private static Task<Decided<Counter>> Take(Streams streams, int by) =>
        streams.Decide<Counter, CounterEvent>(Stream, state => state.Take(by), default);

    private Streams Open(Action<StreamsOptions>? configure = null, IEventStore? store = null, ISnapshotStore? snapshots = null)
    {
        var options = new StreamsOptions { SnapshotEvery = 10 };
        configure?.Invoke(options);
        var services = new ServiceCollection()
            .AddSingleton(Counter.Definition with { Snapshots = SnapshotForm.Of<Counter>() })
            .AddSingleton(snapshots ?? storage.Snapshots);
        return new Streams(services.BuildServiceProvider(), store ?? storage.Streams, clock, Options.Create(options));
    }

    private Task<Snapshot?> Find() => storage.Snapshots.Find(Stream, SnapshotForm.Of<Counter>().Fingerprint, default);

    private Task Kept(long version) => Eventually.True(async () => (await Find())?.Version == version, $"the snapshot at {version} is kept");

    private async Task Fill(int takers)
    {
        var streams = Open(options => options.SnapshotEvery = 0);
        for (var i = 0; i < takers; i++)
        {
            await Take(streams, i);
        }
    }

    private async Task Save(
        Func<Counter, Counter> change, long version, string? lastEvent = null, string? fingerprint = null, Func<IReadOnlyList<ReadOnlyMemory<byte>>, IReadOnlyList<ReadOnlyMemory<byte>>>? damage = null)
    {
        // What the desk itself would keep, so that each test spoils one thing.
        var streams = Open(options => options.SnapshotEvery = 12);
        var state = (await streams.Read<Counter, CounterEvent>(Stream, default)).State;
        await Kept(12);
        var kept = (await Find())!;
        var form = SnapshotForm.Of<Counter>();
        var parts = form.Write(change(state));
        await storage.Snapshots.Save(
            new Snapshot(Stream, version, fingerprint ?? form.Fingerprint, lastEvent ?? kept.LastEvent, damage?.Invoke(parts) ?? parts), default);
    }

    private async Task<(int Free, long Version)> Loaded()
    {
        var loaded = await Open(options => options.SnapshotEvery = 0).Read<Counter, CounterEvent>(Stream, default);
        return (loaded.State.Free, loaded.Version);
    }

    private sealed record SnapshotFormOfAnother(int Number);

    private sealed class CountingStore(IEventStore inner) : IEventStore
    {
        public SortedSet<long> Versions { get; } = [];

        public Task<AppendOutcome> Append(Commit commit, CancellationToken cancellationToken) => inner.Append(commit, cancellationToken);

        public async IAsyncEnumerable<StoredEvent> Read(string stream, long afterVersion, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var stored in inner.Read(stream, afterVersion, cancellationToken))
            {
                Versions.Add(stored.Version);
                yield return stored;
            }
        }
    }

    /// <summary>Saving hangs until it is broken, then fails.</summary>
    private sealed class StuckSnapshots : ISnapshotStore
    {
        private readonly TaskCompletionSource broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int saves;

        public int Saves => Volatile.Read(ref saves);

        public void Break() => broken.SetException(new StorageUnavailableException("It does not answer."));

        public Task<Snapshot?> Find(string stream, string fingerprint, CancellationToken cancellationToken) => Task.FromResult<Snapshot?>(null);

        public Task Save(Snapshot snapshot, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref saves);
            return broken.Task;
        }
    }
}
