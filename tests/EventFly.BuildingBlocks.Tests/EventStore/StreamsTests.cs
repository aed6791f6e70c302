using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.BuildingBlocks.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EventFly.BuildingBlocks.Tests.EventStore;

public sealed class StreamsTests : IAsyncDisposable
{
    private const string Stream = "counter-1";

    private readonly TemporaryFolder folder = new();
    private readonly StorageUnderTest storage;
    private readonly TestClock clock = new();

    public StreamsTests() => storage = SqliteFiles.Open(Path.Combine(folder.Path, "streams.db"), clock);

    public async ValueTask DisposeAsync()
    {
        await storage.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Two_hundred_takers_get_fifty_places()
    {
        var streams = Open();

        var decided = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => Take(streams, i))));

        Assert.Equal(50, decided.Count(one => one.Refusal is null));
        Assert.Equal(150, decided.Count(one => one.Refusal?.Code == "none-left"));
        Assert.Equal(50, await StoredEvents());
        Assert.Equal(50, await storage.Outbox.Pending(default));
    }

    [Fact]
    public async Task Replicas_on_one_store_never_give_a_place_twice()
    {
        Streams[] replicas = [Open(options => options.CommitLimit = 3), Open(), Open(options => options.CommitLimit = 1)];

        var decided = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            Decided<Counter> one;
            do
            {
                one = await Take(replicas[i % 3], i);
            }
            while (one.Refusal?.Kind is RefusalKind.Unavailable);
            return one;
        })));

        Assert.Equal(50, decided.Count(one => one.Refusal is null));
        Assert.Equal(50, await StoredEvents());
    }

    [Fact]
    public async Task A_replica_hears_of_what_another_wrote_before_it_answers()
    {
        var (here, there) = (Open(), Open());
        await Take(here, 1);
        await Take(there, 2);

        Assert.Equal(48, (await here.Read<Counter, CounterEvent>(Stream, default)).State.Free);
    }

    [Fact]
    public async Task The_second_time_nothing_happens()
    {
        var streams = Open();
        await Take(streams, 1);

        var again = await Take(streams, 1);

        Assert.Null(again.Refusal);
        Assert.Equal((49, 1L), (again.State.Free, again.Version));
        Assert.Equal(1, await StoredEvents());
    }

    [Fact]
    public async Task Decisions_that_wait_share_a_commit_and_each_sees_the_state_after_its_own()
    {
        var slow = new HeldStore(storage.Streams);
        var streams = Open(store: slow);
        var first = Take(streams, 0);
        await slow.SomebodyWaits;

        var others = Enumerable.Range(1, 20).Select(i => Take(streams, i)).ToArray();
        slow.LetGo();
        await first;
        var decided = await Task.WhenAll(others);

        Assert.Equal(2, slow.Commits.Count);
        Assert.Equal([1, 20], slow.Commits.Select(commit => commit.Events.Count));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => 48 - i), decided.Select(one => one.State.Free));
        Assert.Equal(Enumerable.Range(2, 20), decided.Select(one => (int)one.Version));
    }

    [Fact]
    public async Task Nobody_is_answered_before_the_commit_is_stored()
    {
        var slow = new HeldStore(storage.Streams);
        var streams = Open(store: slow);

        var take = Take(streams, 0);
        await slow.SomebodyWaits;
        Assert.False(take.IsCompleted);
        slow.LetGo();

        Assert.Null((await take).Refusal);
    }

    [Fact]
    public async Task A_caller_that_gives_up_while_waiting_takes_nothing()
    {
        var slow = new HeldStore(storage.Streams);
        var streams = Open(store: slow);
        using var givesUp = new CancellationTokenSource();
        var first = Take(streams, 0);
        await slow.SomebodyWaits;
        var second = Take(streams, 1, givesUp.Token);
        var third = Take(streams, 2);

        await givesUp.CancelAsync();
        slow.LetGo();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(48, (await third).State.Free);
        await first;
        Assert.DoesNotContain(1, (await third).State.Takers);
    }

    [Fact]
    public async Task A_caller_that_gives_up_while_its_commit_is_stored_has_taken_and_finds_that_out()
    {
        var slow = new HeldStore(storage.Streams);
        var streams = Open(store: slow);
        using var givesUp = new CancellationTokenSource();
        var first = Take(streams, 0, givesUp.Token);
        await slow.SomebodyWaits;

        await givesUp.CancelAsync();
        slow.LetGo();
        await first;

        var again = await Take(streams, 0);
        Assert.Equal((49, 1L), (again.State.Free, again.Version));
        Assert.Equal(1, await StoredEvents());
    }

    [Fact]
    public async Task Without_groups_each_decision_has_a_commit_of_its_own()
    {
        var counted = new HeldStore(storage.Streams);
        counted.LetGo();
        var streams = Open(options => options.CommitLimit = 1, counted);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Take(streams, i)));

        Assert.Equal(20, counted.Commits.Count);
        Assert.All(counted.Commits, commit => Assert.Single(commit.Events));
    }

    [Fact]
    public async Task A_broken_decision_fails_its_caller_alone()
    {
        var slow = new HeldStore(storage.Streams);
        var streams = Open(store: slow);
        var first = Take(streams, 0);
        await slow.SomebodyWaits;
        var good = Take(streams, 1);
        var broken = streams.Decide<Counter, CounterEvent>(Stream, _ => throw new InvalidOperationException("broken"), default);
        var unnamed = streams.Decide<Counter, CounterEvent>(Stream, _ => new CounterEvent[] { new Taken(7), new Unnamed() }, default);
        var alsoGood = Take(streams, 2);

        slow.LetGo();

        await Assert.ThrowsAsync<InvalidOperationException>(() => broken);
        await Assert.ThrowsAsync<InvalidOperationException>(() => unnamed);
        await Task.WhenAll(first, good);
        Assert.Equal(47, (await alsoGood).State.Free);
        Assert.Equal(3, await StoredEvents());
    }

    [Fact]
    public async Task A_full_queue_says_so()
    {
        var slow = new HeldStore(storage.Streams);
        var streams = Open(options => options.QueueLimit = 2, slow);
        var first = Take(streams, 0);
        await slow.SomebodyWaits;
        var waiting = new[] { Take(streams, 1), Take(streams, 2) };

        var refused = await Take(streams, 3);

        Assert.Equal((RefusalKind.Unavailable, "busy"), (refused.Refusal!.Kind, refused.Refusal.Code));
        Assert.NotNull(refused.Refusal.RetryAfter);
        slow.LetGo();
        await Task.WhenAll([first, .. waiting]);
    }

    [Fact]
    public async Task A_lost_answer_of_the_store_stores_the_commit_once()
    {
        var lossy = new LossyStore(storage.Streams, losses: 1);
        var streams = Open(store: lossy);

        Assert.Null((await Take(streams, 1)).Refusal);

        Assert.Equal(1, await StoredEvents());
        Assert.Equal(49, (await streams.Read<Counter, CounterEvent>(Stream, default)).State.Free);
    }

    [Fact]
    public async Task A_store_that_stays_away_fails_the_callers_and_recovers_with_what_is_stored()
    {
        var lossy = new LossyStore(storage.Streams, losses: 2);
        var streams = Open(store: lossy);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => Take(streams, 1));

        // It was stored although nobody heard of it; the retry finds that out.
        Assert.Equal(49, (await Take(streams, 1)).State.Free);
        Assert.Equal(1, await StoredEvents());
    }

    [Fact]
    public async Task States_that_were_put_away_are_built_again()
    {
        var streams = Open(options => options.KeptStreams = 4);

        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 20; i++)
            {
                var taker = round;
                var decided = await streams.Decide<Counter, CounterEvent>($"counter-{i}", state => state.Take(taker), default);
                Assert.Equal(49 - round, decided.State.Free);
            }
        }
    }

    [Fact]
    public async Task Announcements_carry_the_version_of_their_event()
    {
        var streams = Open();
        await streams.Decide<Counter, CounterEvent>(Stream, _ => new CounterEvent[] { new Noted("x"), new Taken(1), new Taken(2) }, default);

        var taken = await storage.Outbox.Take("me", 10, TimeSpan.FromSeconds(30), default);

        var envelopes = taken.Select(entry => Envelope.Read(entry.Announcement.Envelope.Span)).ToArray();
        Assert.Equal([2, 3], envelopes.Select(envelope => envelope.Sequence));
        Assert.All(envelopes, envelope => Assert.Equal(("1", "eventfly.test.PlaceTaken"), (envelope.Subject, envelope.Type)));
        Assert.Equal("eventfly.test.PlaceTaken.1", taken[0].Announcement.Subject);
    }

    private static Task<Decided<Counter>> Take(Streams streams, int by, CancellationToken cancellationToken = default) =>
        streams.Decide<Counter, CounterEvent>(Stream, state => state.Take(by), cancellationToken);

    private Streams Open(Action<StreamsOptions>? configure = null, IEventStore? store = null)
    {
        var options = new StreamsOptions();
        configure?.Invoke(options);
        return new Streams(
            new ServiceCollection().AddSingleton(Counter.Definition).BuildServiceProvider(), store ?? storage.Streams, clock, Options.Create(options));
    }

    private async Task<int> StoredEvents()
    {
        var count = 0;
        await foreach (var _ in storage.Streams.Read(Stream, 0, default))
        {
            count++;
        }

        return count;
    }

    private sealed record Unnamed : CounterEvent;

    /// <summary>Holds the first append until it is let go.</summary>
    private sealed class HeldStore(IEventStore inner) : IEventStore
    {
        private readonly TaskCompletionSource waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<Commit> Commits { get; } = [];

        public Task SomebodyWaits => waits.Task.WaitAsync(TimeSpan.FromSeconds(10));

        public void LetGo() => go.SetResult();

        public async Task<AppendOutcome> Append(Commit commit, CancellationToken cancellationToken)
        {
            Commits.Add(commit);
            waits.TrySetResult();
            await go.Task;
            return await inner.Append(commit, cancellationToken);
        }

        public IAsyncEnumerable<StoredEvent> Read(string stream, long afterVersion, CancellationToken cancellationToken) =>
            inner.Read(stream, afterVersion, cancellationToken);
    }

    /// <summary>Stores, and loses the first answers.</summary>
    private sealed class LossyStore(IEventStore inner, int losses) : IEventStore
    {
        public async Task<AppendOutcome> Append(Commit commit, CancellationToken cancellationToken)
        {
            var outcome = await inner.Append(commit, cancellationToken);
            return losses-- > 0 ? throw new StorageUnavailableException("The answer was lost.") : outcome;
        }

        public IAsyncEnumerable<StoredEvent> Read(string stream, long afterVersion, CancellationToken cancellationToken) =>
            inner.Read(stream, afterVersion, cancellationToken);
    }
}
