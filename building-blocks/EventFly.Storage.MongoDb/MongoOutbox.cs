using System.Collections.Concurrent;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Storage.MongoDb.Bson;

namespace EventFly.Storage.MongoDb;

/// <summary>
/// What was committed and is not yet on the bus, in one MongoDB database. Announcements lie in the document that announces them; <c>p</c>, since when, is there
/// only while some wait, so its index holds only the backlog. One worker at a time has the lease.
/// </summary>
public sealed class MongoOutbox(MongoDatabase database, TimeProvider clock) : IOutbox, IAsyncDisposable
{
    /// <summary>Nothing was waiting and news would have been heard: so long nobody has to look.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    private static readonly IReadOnlyList<BsonDocument> CommitIndexes = [PendingIndex];

    private readonly ConcurrentDictionary<string, bool> collections = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim wake = new(0, 1);
    private readonly Lock gate = new();
    private MongoNews? news;
    private long wakes;
    private long quietSince;
    private long quietAfter = -1;

    internal static BsonDocument PendingIndex => MongoDatabase.Index("pending", ["p", "_id"], only: "p");

    /// <inheritdoc />
    public async Task<IReadOnlyList<OutboxEntry>> Take(string worker, int max, TimeSpan lease, CancellationToken cancellationToken)
    {
        if (IsQuiet)
        {
            return [];
        }

        var (looked, heard) = (clock.GetTimestamp(), Interlocked.Read(ref wakes));
        var names = Collections;
        if (!await AnythingWaits(names, cancellationToken))
        {
            // What was heard of while it looked will be looked for.
            (quietSince, quietAfter) = (looked, heard);
            return [];
        }

        if (!await Lease(worker, lease, cancellationToken))
        {
            return [];
        }

        return await Look(max, cancellationToken);
    }

    /// <inheritdoc />
    public async Task Done(IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken)
    {
        foreach (var collection in entries.Select(entry => (Entry: entry, Place: Place.Read(entry.Position))).GroupBy(done => done.Place.Collection, StringComparer.Ordinal))
        {
            List<MongoUpdate> updates = [];
            foreach (var document in collection.GroupBy(done => done.Place.Id, StringComparer.Ordinal))
            {
                updates.Add(new MongoUpdate(
                    BsonWriter.Build(filter => filter.Value("_id", document.Key)).Bytes,
                    BsonWriter.Build(change =>
                    {
                        change.BeginDocument("$pull");
                        change.BeginDocument("o");
                        change.BeginDocument("i");
                        change.Array("$in", document.Select(done => (object)done.Entry.Announcement.Id));
                        change.End();
                        change.End();
                        change.End();
                    }).Bytes));
                // Not when another commit has announced something meanwhile.
                updates.Add(new MongoUpdate(
                    BsonWriter.Build(filter =>
                    {
                        filter.Value("_id", document.Key);
                        filter.BeginDocument("o");
                        filter.Value("$size", 0);
                        filter.End();
                    }).Bytes,
                    BsonWriter.Build(change =>
                    {
                        change.BeginDocument("$unset");
                        change.Value("p", "");
                        change.Value("o", "");
                        change.End();
                    }).Bytes));
            }

            await database.Ask(client => client.Update(collection.Key, updates, cancellationToken), cancellationToken);
        }
    }

    /// <inheritdoc />
    public Task Wait(TimeSpan atMost, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            news ??= new MongoNews(database, clock, Wake);
        }

        return wake.WaitAsync(atMost, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<long> Pending(CancellationToken cancellationToken)
    {
        if (IsQuiet)
        {
            await database.Command(BsonWriter.Build(command => command.Value("ping", 1)), cancellationToken);
            return 0;
        }

        long pending = 0;
        foreach (var collection in Collections)
        {
            var reply = await database.Command(CountCommand(collection), cancellationToken);
            pending += reply.Document("cursor")?.Documents("firstBatch").Sum(counted => counted.Integer("n")) ?? 0;
        }

        return pending;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (news is not null)
        {
            await news.DisposeAsync();
        }

        wake.Dispose();
    }

    internal static void Write(BsonWriter document, IReadOnlyList<Announcement> announcements)
    {
        document.BeginArray("o");
        WriteEach(document, announcements);
        document.End();
    }

    internal static void WriteEach(BsonWriter array, IReadOnlyList<Announcement> announcements)
    {
        foreach (var announcement in announcements)
        {
            array.BeginDocument();
            array.Value("i", announcement.Id);
            array.Value("s", announcement.Subject);
            array.Utf8("e", announcement.Envelope.Span);
            array.End();
        }
    }

    /// <summary>What waits, in order, whoever has the lease.</summary>
    internal async Task<IReadOnlyList<OutboxEntry>> Look(int max, CancellationToken cancellationToken)
    {
        List<Waiting> waiting = [];
        foreach (var collection in Collections)
        {
            waiting.AddRange((await Pending(collection, Exists("p"), max, cancellationToken)).Select(document => new Waiting(collection, document)));
        }

        waiting.AddRange(await Earlier(waiting, cancellationToken));
        return [.. InOrder(waiting).SelectMany(Entries).Take(max)];
    }

    internal Task PrepareCommits(CancellationToken cancellationToken) => database.Prepare(MongoDatabase.Commits, CommitIndexes, cancellationToken);

    /// <summary>Documents of this collection may announce something.</summary>
    internal void Watch(string collection) => collections[collection] = true;

    internal void Wake()
    {
        Interlocked.Increment(ref wakes);
        lock (wake)
        {
            if (wake.CurrentCount == 0)
            {
                wake.Release();
            }
        }
    }

    private IReadOnlyList<string> Collections => [MongoDatabase.Commits, .. collections.Keys];

    private bool IsQuiet => news is { IsListening: true } && quietAfter == Interlocked.Read(ref wakes) && clock.GetElapsedTime(quietSince) < Quiet;

    private static BsonDocument Exists(string field) => BsonWriter.Build(filter =>
    {
        filter.BeginDocument(field);
        filter.Value("$exists", true);
        filter.End();
    });

    private static BsonDocument CountCommand(string collection) => BsonWriter.Build(command =>
    {
        command.Value("aggregate", collection);
        command.BeginArray("pipeline");
        command.BeginDocument();
        command.Value("$match", Exists("p"));
        command.End();
        command.BeginDocument();
        command.BeginDocument("$group");
        command.Null("_id");
        command.BeginDocument("n");
        command.BeginDocument("$sum");
        command.Value("$size", "$o");
        command.End();
        command.End();
        command.End();
        command.End();
        command.End();
        command.BeginDocument("cursor");
        command.End();
        command.BeginDocument("readConcern");
        command.Value("level", "majority");
        command.End();
        command.Value("maxTimeMS", 10_000);
    });

    /// <summary>Of one stream the earlier commit goes first, whatever the clocks of the processes that wrote them said.</summary>
    private static IEnumerable<Waiting> InOrder(IEnumerable<Waiting> waiting)
    {
        List<(DateTimeOffset Since, Waiting Waiting)> ordered = [];
        foreach (var aggregate in waiting.GroupBy(one => one.Aggregate, StringComparer.Ordinal))
        {
            var since = DateTimeOffset.MinValue;
            foreach (var one in aggregate.OrderBy(one => one.Id, StringComparer.Ordinal))
            {
                since = one.Since > since ? one.Since : since;
                ordered.Add((since, one));
            }
        }

        return ordered.OrderBy(one => one.Since).ThenBy(one => one.Waiting.Id, StringComparer.Ordinal).Select(one => one.Waiting);
    }

    private static IEnumerable<OutboxEntry> Entries(Waiting waiting) => waiting.Document.Documents("o").Select(announcement => new OutboxEntry(
        new Place(waiting.Collection, waiting.Id).ToString(),
        waiting.Aggregate,
        new Announcement(announcement["i"].AsGuid(), announcement["s"].AsString(), announcement["e"].AsUtf8())));

    private async Task<bool> AnythingWaits(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        foreach (var collection in names)
        {
            if (await Pending(collection, Exists("p"), 1, cancellationToken) is [_, ..])
            {
                return true;
            }
        }

        return false;
    }

    private async Task<bool> Lease(string worker, TimeSpan lease, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var update = new MongoUpdate(
            BsonWriter.Build(filter =>
            {
                filter.Value("_id", "lease");
                filter.BeginArray("$or");
                filter.BeginDocument();
                filter.Value("w", worker);
                filter.End();
                filter.BeginDocument();
                filter.BeginDocument("until");
                filter.Value("$lte", now);
                filter.End();
                filter.End();
                filter.End();
            }).Bytes,
            BsonWriter.Build(change =>
            {
                change.BeginDocument("$set");
                change.Value("w", worker);
                change.Value("until", now + lease);
                change.End();
            }).Bytes,
            Upsert: true);
        try
        {
            return await database.Ask(client => client.FindAndModify(MongoDatabase.Relay, update, cancellationToken), cancellationToken) is not null;
        }
        catch (MongoException taken) when (taken.Failure is MongoFailure.DuplicateKey)
        {
            return false;
        }
    }

    /// <summary>
    /// Commits that wait and come before one that was found, of its own stream: a scan in the order of time passes by a commit that is written while it runs.
    /// </summary>
    private async Task<IReadOnlyList<Waiting>> Earlier(List<Waiting> found, CancellationToken cancellationToken)
    {
        const int StreamsPerQuery = 100;
        List<Waiting> earlier = [];
        var firsts = found.Where(one => one.Collection == MongoDatabase.Commits)
            .GroupBy(one => one.Aggregate, StringComparer.Ordinal)
            .Select(stream => (Stream: stream.Key, First: stream.Select(one => one.Id).Min(StringComparer.Ordinal)!))
            .Where(stream => stream.First != MongoEventStore.IdOf(stream.Stream, 1));
        var known = found.Select(one => one.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var streams in firsts.Chunk(StreamsPerQuery))
        {
            var filter = BsonWriter.Build(filter =>
            {
                filter.Value("p", Exists("p")["p"].AsDocument());
                filter.Array("$or", streams.Select(stream => (object)MongoEventStore.Between(MongoEventStore.IdOf(stream.Stream, 0), stream.First)));
            });
            earlier.AddRange((await Pending(MongoDatabase.Commits, filter, 0, cancellationToken))
                .Select(document => new Waiting(MongoDatabase.Commits, document))
                .Where(one => known.Add(one.Id)));
        }

        return earlier;
    }

    /// <summary>What a majority has: an announcement of a commit that is lost with its primary would be a lie.</summary>
    private Task<List<BsonDocument>> Pending(string collection, BsonDocument filter, int limit, CancellationToken cancellationToken) => database.Find(
        new MongoFind(collection, filter.Bytes)
        {
            Limit = limit,
            Sort = BsonWriter.Build(sort =>
            {
                sort.Value("p", 1);
                sort.Value("_id", 1);
            }).Bytes,
            Projection = BsonWriter.Build(fields =>
            {
                fields.Value("p", 1);
                fields.Value("o", 1);
            }).Bytes,
        },
        cancellationToken);

    private sealed record Waiting(string Collection, BsonDocument Document)
    {
        public string Id { get; } = Document["_id"].AsString();

        public DateTimeOffset Since { get; } = Document["p"].AsTime();

        public string Aggregate => Collection == MongoDatabase.Commits ? Id[..Id.LastIndexOf('/')] : $"{Collection}/{Id}";
    }

    private sealed record Place(string Collection, string Id)
    {
        public static Place Read(string position) => position.IndexOf('|') is > 0 and var bar
            ? new Place(position[..bar], position[(bar + 1)..])
            : throw new StorageUnavailableException($"{position} is no position of this outbox.");

        public override string ToString() => $"{Collection}|{Id}";
    }
}
