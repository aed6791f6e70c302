using System.Text;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;

namespace EventFly.BuildingBlocks.Tests.Storage;

/// <summary>What every adapter promises about streams. An adapter's test class inherits this.</summary>
public abstract class StreamContract : IAsyncLifetime
{
    protected TestClock Clock { get; } = new();

    protected StorageUnderTest Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await Open();

    public async ValueTask DisposeAsync()
    {
        // Null when the test was skipped: there is no such server.
        if (Store is not null)
        {
            await Store.DisposeAsync();
        }

        await CleanUp();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_stream_that_never_was_has_no_events() => Assert.Empty(await Read("none-1"));

    [Fact]
    public async Task Events_are_read_in_the_order_they_were_appended()
    {
        Assert.Equal(AppendOutcome.Appended, await Append("a-1", 0, "one", "two"));
        Assert.Equal(AppendOutcome.Appended, await Append("a-1", 2, "three"));

        Assert.Equal([(1, "one"), (2, "two"), (3, "three")], await Read("a-1"));
    }

    [Fact]
    public async Task Reading_may_begin_in_the_middle_of_a_commit()
    {
        await Append("a-1", 0, "one", "two", "three");
        await Append("a-1", 3, "four");

        Assert.Equal([(3, "three"), (4, "four")], await Read("a-1", after: 2));
        Assert.Empty(await Read("a-1", after: 4));
    }

    [Fact]
    public async Task A_writer_that_read_an_older_version_writes_nothing()
    {
        await Append("a-1", 0, "one", "two");

        Assert.Equal(AppendOutcome.Conflict, await Append(Commit("a-1", 1, Guid.CreateVersion7(), [Message("a-1")], "late")));
        Assert.Equal(AppendOutcome.Conflict, await Append("a-1", 0, "late"));
        Assert.Equal(AppendOutcome.Conflict, await Append("a-1", 3, "early"));
        Assert.Equal([(1, "one"), (2, "two")], await Read("a-1"));
        Assert.Equal(0, await Store.Outbox.Pending(default));
    }

    [Fact]
    public async Task Of_many_writers_at_one_version_exactly_one_wins()
    {
        await Append("a-1", 0, "first");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => Append("a-1", 1, $"writer {i}"))));

        Assert.Equal(1, outcomes.Count(outcome => outcome is AppendOutcome.Appended));
        Assert.Equal(49, outcomes.Count(outcome => outcome is AppendOutcome.Conflict));
        Assert.Equal(2, (await Read("a-1")).Count);
    }

    [Fact]
    public async Task A_repeated_commit_is_recognised_and_stored_once()
    {
        var commit = Commit("a-1", 0, Guid.CreateVersion7(), [Message("a-1")], "one", "two");

        Assert.Equal(AppendOutcome.Appended, await Append(commit));
        Assert.Equal(AppendOutcome.AlreadyAppended, await Append(commit));
        await Append("a-1", 2, "three");
        Assert.Equal(AppendOutcome.AlreadyAppended, await Append(commit));

        Assert.Equal(3, (await Read("a-1")).Count);
        Assert.Equal(1, await Store.Outbox.Pending(default));
    }

    [Fact]
    public async Task Streams_do_not_touch_each_other()
    {
        await Append("a-1", 0, "one");
        await Append("a-10", 0, "ten");
        await Append("a", 0, "short");

        Assert.Equal([(1, "one")], await Read("a-1"));
        Assert.Equal([(1, "ten")], await Read("a-10"));
        Assert.Equal([(1, "short")], await Read("a"));
    }

    [Fact]
    public async Task What_was_written_comes_back_exactly()
    {
        const string data = """{"text":"Zürich 東京 🎟 \"quoted\" \\ \u0000","big":9007199254740993,"decimal":0.1000000000000000055511151231257827,"nested":{"list":[1,{"n":"x","d":[]}]}}""";
        var at = Clock.Now.AddMilliseconds(123);

        await Store.Streams.Append(
            new Commit("a-1", 0, Guid.CreateVersion7(), at, [new NewEvent("named", Encoding.UTF8.GetBytes(data)), new NewEvent("second", "{}"u8.ToArray())], []), default);

        var events = new List<StoredEvent>();
        await foreach (var stored in Store.Streams.Read("a-1", 0, default))
        {
            events.Add(stored);
        }

        Assert.Equal(data, Encoding.UTF8.GetString(events[0].Data.Span));
        Assert.Equal(("named", at), (events[0].Name, events[0].At));
        Assert.Equal("{}", Encoding.UTF8.GetString(events[1].Data.Span));
    }

    [Fact]
    public async Task A_long_stream_is_read_whole()
    {
        for (var version = 0; version < 1203; version += 3)
        {
            await Append("a-1", version, "x", "y", "z");
        }

        var events = await Read("a-1");

        Assert.Equal(Enumerable.Range(1, 1203), events.Select(stored => (int)stored.Version));
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_opening_again()
    {
        await Append(Commit("a-1", 0, Guid.CreateVersion7(), [Message("a-1")], "one"));

        await Store.DisposeAsync();
        Store = await Open();

        Assert.Equal([(1, "one")], await Read("a-1"));
        Assert.Equal(1, await Store.Outbox.Pending(default));
    }

    [Fact]
    public async Task Announcements_are_taken_in_order_and_forgotten_when_done()
    {
        Announcement[] messages = [Message("a-1"), Message("a-1"), Message("b-1")];
        await Append(Commit("a-1", 0, Guid.CreateVersion7(), messages[..2], "one"));
        await Append(Commit("b-1", 0, Guid.CreateVersion7(), messages[2..], "one"));

        var taken = await Store.Outbox.Take("me", 10, TimeSpan.FromSeconds(30), default);
        Assert.Equal(["a-1", "a-1", "b-1"], taken.Select(entry => entry.Aggregate));
        Assert.Equal(messages.Select(message => message.Id), taken.Select(entry => entry.Announcement.Id));
        Assert.Equal("{\"some\":\"envelope\"}", Encoding.UTF8.GetString(taken[0].Announcement.Envelope.Span));

        await Store.Outbox.Done([taken[0], taken[2]], default);
        Assert.Equal([taken[1].Announcement.Id], (await Store.Outbox.Take("me", 10, TimeSpan.FromSeconds(30), default)).Select(entry => entry.Announcement.Id));
    }

    [Fact]
    public async Task A_lease_keeps_other_workers_away_until_it_lapses()
    {
        await Append(Commit("a-1", 0, Guid.CreateVersion7(), [Message("a-1")], "one"));

        Assert.Single(await Store.Outbox.Take("me", 10, TimeSpan.FromSeconds(30), default));
        Assert.Empty(await Store.Outbox.Take("other", 10, TimeSpan.FromSeconds(30), default));
        Clock.Now += TimeSpan.FromSeconds(31);
        Assert.Single(await Store.Outbox.Take("other", 10, TimeSpan.FromSeconds(30), default));
        Assert.Empty(await Store.Outbox.Take("me", 10, TimeSpan.FromSeconds(30), default));
    }

    [Fact]
    public async Task A_commit_wakes_the_relay()
    {
        var waiting = Store.Outbox.Wait(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);

        await Append(Commit("a-1", 0, Guid.CreateVersion7(), [Message("a-1")], "one"));

        await waiting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_stream_without_a_snapshot_has_none() => Assert.Null(await Store.Snapshots.Find("none-1", "code", default));

    [Fact]
    public async Task A_snapshot_comes_back_exactly_and_the_last_one_counts()
    {
        await Store.Snapshots.Save(Kept("a-1", 10, "code", 3, 100), default);
        await Store.Snapshots.Save(Kept("a-10", 7, "code", 1, 5), default);
        Same(Kept("a-1", 10, "code", 3, 100), await Store.Snapshots.Find("a-1", "code", default));

        await Store.Snapshots.Save(Kept("a-1", 9, "code", 2, 50), default);

        Same(Kept("a-1", 9, "code", 2, 50), await Store.Snapshots.Find("a-1", "code", default));
        Same(Kept("a-10", 7, "code", 1, 5), await Store.Snapshots.Find("a-10", "code", default));
    }

    [Fact]
    public async Task A_snapshot_of_other_code_is_none_and_is_replaced()
    {
        await Store.Snapshots.Save(Kept("a-1", 10, "old code", 2, 10), default);
        Assert.Null(await Store.Snapshots.Find("a-1", "code", default));

        await Store.Snapshots.Save(Kept("a-1", 10, "code", 1, 10), default);

        Assert.Null(await Store.Snapshots.Find("a-1", "old code", default));
        Same(Kept("a-1", 10, "code", 1, 10), await Store.Snapshots.Find("a-1", "code", default));
    }

    [Fact]
    public async Task A_snapshot_is_larger_than_what_a_store_takes_at_once()
    {
        // 40 parts of 500 kB: more than a MongoDB document or a sensible transaction.
        await Store.Snapshots.Save(Kept("a-1", 10, "code", 40, 500_000), default);

        Same(Kept("a-1", 10, "code", 40, 500_000), await Store.Snapshots.Find("a-1", "code", default));
    }

    [Fact]
    public async Task Who_reads_while_snapshots_are_saved_meets_a_whole_one()
    {
        await Store.Snapshots.Save(Kept("a-1", 1, "code", 3, 20_000), default);
        var saving = Task.WhenAll(Enumerable.Range(0, 2).Select(writer => Task.Run(async () =>
        {
            for (var version = 2 + writer; version < 40; version += 2)
            {
                await Store.Snapshots.Save(Kept("a-1", version, "code", version % 5 + 1, 20_000), default);
            }
        })));

        do
        {
            var found = (await Store.Snapshots.Find("a-1", "code", default))!;
            Same(Kept("a-1", found.Version, "code", found.Version == 1 ? 3 : (int)found.Version % 5 + 1, 20_000), found);
        }
        while (!saving.IsCompleted);
        await saving;
    }

    protected abstract Task<StorageUnderTest> Open();

    private static Snapshot Kept(string stream, long version, string fingerprint, int parts, int bytes) => new(
        stream,
        version,
        fingerprint,
        $"event {version}",
        [.. Enumerable.Range(0, parts).Select(part => (ReadOnlyMemory<byte>)Enumerable.Range(0, bytes).Select(i => (byte)(i + part + version)).ToArray())]);

    private static void Same(Snapshot expected, Snapshot? found)
    {
        Assert.Equal((expected.Stream, expected.Version, expected.Fingerprint, expected.LastEvent), (found?.Stream, found?.Version, found?.Fingerprint, found?.LastEvent));
        Assert.Equal(expected.Parts.Count, found!.Parts.Count);
        Assert.All(expected.Parts.Zip(found.Parts), pair => Assert.True(pair.First.Span.SequenceEqual(pair.Second.Span)));
    }

    protected virtual Task CleanUp() => Task.CompletedTask;

    protected static Announcement Message(string aggregate) =>
        new(Guid.CreateVersion7(), $"eventfly.test.Said.{aggregate}", "{\"some\":\"envelope\"}"u8.ToArray());

    protected async Task<List<(long Version, string Data)>> Read(string stream, long after = 0)
    {
        List<(long, string)> events = [];
        await foreach (var stored in Store.Streams.Read(stream, after, TestContext.Current.CancellationToken))
        {
            events.Add((stored.Version, Encoding.UTF8.GetString(stored.Data.Span).Trim('"')));
        }

        return events;
    }

    protected Task<AppendOutcome> Append(string stream, long expected, params string[] events) =>
        Append(Commit(stream, expected, Guid.CreateVersion7(), [], events));

    protected Task<AppendOutcome> Append(Commit commit) => Store.Streams.Append(commit, TestContext.Current.CancellationToken);

    private Commit Commit(string stream, long expected, Guid id, IReadOnlyList<Announcement> announcements, params string[] events) =>
        new(stream, expected, id, Clock.Now, [.. events.Select(text => new NewEvent("said", Encoding.UTF8.GetBytes($"\"{text}\"")))], announcements);
}
