using System.Globalization;
using System.Runtime.CompilerServices;
using EventFly.BuildingBlocks.EventStore;
using EventFly.Storage.MongoDb.Bson;

namespace EventFly.Storage.MongoDb;

/// <summary>
/// Streams in one MongoDB database. A commit is one document, so it is there whole or not at all, and its id, stream and first version, is the version check
/// across the cluster: <c>{_id: "&lt;stream&gt;/&lt;first version&gt;", c: commit id, n: first, l: last, at, e: events, p: pending since, o: announcements}</c>.
/// </summary>
public sealed class MongoEventStore(MongoDatabase database, MongoOutbox outbox) : IEventStore
{
    private const int CommitsPerRead = 500;

    /// <summary>A write whose outcome is unknown is sent again with the same commit id, so often.</summary>
    private const int Tries = 3;

    /// <inheritdoc />
    public async Task<AppendOutcome> Append(Commit commit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        ArgumentOutOfRangeException.ThrowIfZero(commit.Events.Count);
        CheckName(commit.Stream);
        await outbox.PrepareCommits(cancellationToken);
        var document = DocumentOf(commit);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Append(commit, document, cancellationToken);
            }
            catch (StorageUnavailableException) when (attempt < Tries)
            {
                // Perhaps it is stored: the commit id will tell.
            }
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<StoredEvent> Read(string stream, long afterVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CheckName(stream);
        var from = afterVersion == 0 ? IdOf(stream, 1) : await CommitWith(stream, afterVersion + 1, cancellationToken);
        while (true)
        {
            var commits = await database.Find(
                new MongoFind(MongoDatabase.Commits, Between(from, EndOf(stream)).Bytes) { Sort = ById(1), Limit = CommitsPerRead, Projection = EventsOnly },
                cancellationToken);
            foreach (var commit in commits)
            {
                var at = commit["at"].AsTime();
                var version = commit["n"].AsInt64();
                foreach (var stored in commit.Documents("e"))
                {
                    if (version > afterVersion)
                    {
                        yield return new StoredEvent(version, stored["n"].AsString(), stored["d"].AsUtf8(), at);
                    }

                    version++;
                }

                afterVersion = version - 1;
            }

            if (commits.Count < CommitsPerRead)
            {
                yield break;
            }

            from = IdOf(stream, afterVersion + 1);
        }
    }

    internal static string IdOf(string stream, long first) => string.Create(CultureInfo.InvariantCulture, $"{stream}/{first:000000000000}");

    /// <summary>Behind every id of the stream: a colon follows the digits.</summary>
    internal static string EndOf(string stream) => stream + "/:";

    internal static BsonDocument Between(string from, string to) => BsonWriter.Build(filter =>
    {
        filter.BeginDocument("_id");
        filter.Value("$gte", from);
        filter.Value("$lt", to);
        filter.End();
    });

    internal static ReadOnlyMemory<byte> ById(int direction) => BsonWriter.Build(sort => sort.Value("_id", direction)).Bytes;

    private static ReadOnlyMemory<byte> EventsOnly { get; } = BsonWriter.Build(fields =>
    {
        fields.Value("n", 1);
        fields.Value("at", 1);
        fields.Value("e", 1);
    }).Bytes;

    private static ReadOnlyMemory<byte> HeadOnly { get; } = BsonWriter.Build(fields =>
    {
        fields.Value("l", 1);
        fields.Value("c", 1);
    }).Bytes;

    private static void CheckName(string stream)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stream.Length, 200);
        if (stream.Contains('/'))
        {
            throw new ArgumentException($"A stream's name has no slash: {stream}.", nameof(stream));
        }
    }

    internal static BsonDocument DocumentOf(Commit commit) => BsonWriter.Build(document =>
    {
        document.Value("_id", IdOf(commit.Stream, commit.ExpectedVersion + 1));
        document.Value("c", commit.Id);
        document.Value("n", commit.ExpectedVersion + 1);
        document.Value("l", commit.ExpectedVersion + commit.Events.Count);
        document.Value("at", commit.At);
        document.BeginArray("e");
        foreach (var happened in commit.Events)
        {
            document.BeginDocument();
            document.Value("n", happened.Name);
            document.Utf8("d", happened.Data.Span);
            document.End();
        }

        document.End();
        if (commit.Announcements.Count > 0)
        {
            document.Value("p", commit.At);
            MongoOutbox.Write(document, commit.Announcements);
        }
    });

    private async Task<AppendOutcome> Append(Commit commit, BsonDocument document, CancellationToken cancellationToken)
    {
        // A version inside of a commit with many events would not collide with its id.
        var heads = await database.Find(
            new MongoFind(MongoDatabase.Commits, Between(IdOf(commit.Stream, 0), EndOf(commit.Stream)).Bytes) { Sort = ById(-1), Limit = 1, Projection = HeadOnly, Newest = true },
            cancellationToken);
        var head = heads is [var last] ? last["l"].AsInt64() : 0;
        if (head != commit.ExpectedVersion)
        {
            return await IsStored(commit, cancellationToken) ? AppendOutcome.AlreadyAppended : AppendOutcome.Conflict;
        }

        try
        {
            await database.Ask(
                async client =>
                {
                    await client.Insert(MongoDatabase.Commits, document.Bytes, cancellationToken);
                    return true;
                },
                cancellationToken);
        }
        catch (MongoException taken) when (taken.Failure is MongoFailure.DuplicateKey)
        {
            return await IsStored(commit, cancellationToken) ? AppendOutcome.AlreadyAppended : AppendOutcome.Conflict;
        }

        if (commit.Announcements.Count > 0)
        {
            outbox.Wake();
        }

        return AppendOutcome.Appended;
    }

    /// <summary>Whether the commit at this place is this one, and a majority has it.</summary>
    private async Task<bool> IsStored(Commit commit, CancellationToken cancellationToken)
    {
        var id = IdOf(commit.Stream, commit.ExpectedVersion + 1);
        var there = await database.Find(
            new MongoFind(MongoDatabase.Commits, BsonWriter.Build(filter => filter.Value("_id", id)).Bytes) { Limit = 1, Projection = HeadOnly, Newest = true },
            cancellationToken);
        if (there is not [var found] || found["c"].AsGuid() != commit.Id)
        {
            return false;
        }

        // Changes nothing; acknowledged when everything up to here is safe.
        var update = new MongoUpdate(
            BsonWriter.Build(filter => filter.Value("_id", id)).Bytes,
            BsonWriter.Build(change =>
            {
                change.BeginDocument("$set");
                change.Value("c", commit.Id);
                change.End();
            }).Bytes);
        return await database.Ask(client => client.Update(MongoDatabase.Commits, [update], cancellationToken), cancellationToken) == 1;
    }

    /// <summary>The id of the commit that holds this version; where there is none yet, the id that it would have.</summary>
    private async Task<string> CommitWith(string stream, long version, CancellationToken cancellationToken)
    {
        var before = await database.Find(
            new MongoFind(MongoDatabase.Commits, Between(IdOf(stream, 0), IdOf(stream, version + 1)).Bytes)
            {
                Sort = ById(-1), Limit = 1, Projection = BsonWriter.Build(fields => fields.Value("_id", 1)).Bytes,
            },
            cancellationToken);
        return before is [var commit] ? commit["_id"].AsString() : IdOf(stream, version);
    }
}
