using System.Collections.Concurrent;
using System.Text.Json;
using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Documents;
using EventFly.Storage.MongoDb.Bson;

namespace EventFly.Storage.MongoDb;

/// <summary>
/// Documents in one MongoDB database:
/// <c>{_id, v: version, f: {declared fields}, u: {unique keys}, x: deadline, d: deleted, p: pending since, o: announcements, b: body as JSON}</c>.
/// A write is one insert, or one update that is filtered by <c>_id</c> and <c>v</c>, so it and its announcements are stored together or not at all.
/// </summary>
public sealed class MongoDocumentStore(MongoDatabase database, MongoOutbox outbox, TimeProvider clock) : IDocumentStore
{
    /// <summary>How long a deleted document's version is remembered, so that a new one under the same id continues its sequence.</summary>
    private static readonly TimeSpan Tombstone = TimeSpan.FromDays(7);

    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);
    private const string UniquePrefix = "unique_";
    private static readonly string[] Reserved = [MongoDatabase.Commits, MongoDatabase.Snapshots, MongoDatabase.SnapshotParts, MongoDatabase.Relay, MongoDatabase.Declared];

    private readonly ConcurrentDictionary<string, CollectionDefinition> collections = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> swept = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public async Task Declare(CollectionDefinition definition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Check(definition);
        await outbox.PrepareCommits(cancellationToken);
        await database.Prepare(definition.Collection, [.. Indexes(definition)], cancellationToken);
        await Remember(definition, cancellationToken);
        collections[definition.Collection] = definition;
        outbox.Watch(definition.Collection);
    }

    /// <inheritdoc />
    public async Task<StoredDocument?> Get(string collection, string id, CancellationToken cancellationToken)
    {
        _ = Definition(collection);
        var found = await database.Find(new MongoFind(collection, ById(id)) { Limit = 1, Projection = BodyOnly }, cancellationToken);
        return found is [var document] && IsReadable(document, clock.GetUtcNow()) ? Stored(document) : null;
    }

    /// <inheritdoc />
    public async Task<WriteResult> Write(DocumentWrite write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(write.Id.Length, 200);
        var definition = Definition(write.Collection);
        var now = clock.GetUtcNow();
        await Sweep(definition, now, cancellationToken);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var result = write.ExpectedVersion == 0 ? await Insert(write, now, cancellationToken) : await Replace(write, write.ExpectedVersion, NotOver(now), now, cancellationToken);
                if (result.Outcome is WriteOutcome.Written && write.Announcements.Count > 0)
                {
                    outbox.Wake();
                }

                return result;
            }
            catch (MongoException taken) when (taken.Failure is MongoFailure.DuplicateKey && taken.Index?.StartsWith(UniquePrefix, StringComparison.Ordinal) == true)
            {
                var key = taken.Index[UniquePrefix.Length..];
                if (attempt > definition.UniqueKeys.Count || !await Free(write, key, now, cancellationToken))
                {
                    return new WriteResult(WriteOutcome.DuplicateKey, 0, key);
                }
            }
        }
    }

    /// <inheritdoc />
    public async Task<Page<StoredDocument>> Query(string collection, Query query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, 500);
        var conditions = new MongoConditions(Definition(collection));
        var filter = conditions.Filter(clock.GetUtcNow(), query.All, query.Sort, query.After);
        var found = await database.Find(
            new MongoFind(collection, filter.Bytes) { Sort = conditions.Sort(query.Sort).Bytes, Limit = query.Limit + 1, Projection = BodyAndFields },
            cancellationToken);
        var page = found.Take(query.Limit).ToArray();
        return new Page<StoredDocument>([.. page.Select(Stored)], found.Count > query.Limit ? MongoConditions.Cursor(query.Sort, page[^1]) : null);
    }

    /// <inheritdoc />
    public async Task<long> Count(string collection, IReadOnlyList<Where> all, CancellationToken cancellationToken)
    {
        var filter = new MongoConditions(Definition(collection)).Filter(clock.GetUtcNow(), all);
        var reply = await database.Command(
            BsonWriter.Build(command =>
            {
                command.Value("aggregate", collection);
                command.BeginArray("pipeline");
                command.BeginDocument();
                command.Value("$match", filter);
                command.End();
                command.BeginDocument();
                command.BeginDocument("$group");
                command.Null("_id");
                command.BeginDocument("n");
                command.Value("$sum", 1);
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
            }),
            cancellationToken);
        return reply.Document("cursor")?.Documents("firstBatch").Sum(counted => counted.Integer("n")) ?? 0;
    }

    private static ReadOnlyMemory<byte> BodyOnly { get; } = Fields("v", "b", "d", "x");

    private static ReadOnlyMemory<byte> BodyAndFields { get; } = Fields("v", "b", "f");

    private static ReadOnlyMemory<byte> VersionOnly { get; } = Fields("v", "d", "x");

    private static ReadOnlyMemory<byte> Fields(params string[] names) => BsonWriter.Build(fields =>
    {
        foreach (var name in names)
        {
            fields.Value(name, 1);
        }
    }).Bytes;

    private static ReadOnlyMemory<byte> ById(string id) => BsonWriter.Build(filter => filter.Value("_id", id)).Bytes;

    private static StoredDocument Stored(BsonDocument document) => new(document["_id"].AsString(), document["v"].AsInt64(), document["b"].AsUtf8());

    private static bool IsReadable(BsonDocument document, DateTimeOffset now) =>
        !document.Flag("d") && (document.Find("x") is not { Type: BsonType.Date } deadline || deadline.AsTime() > now);

    private static void Check(CollectionDefinition definition)
    {
        IEnumerable<string> names = [definition.Collection, .. definition.Fields.Select(field => field.Name), .. definition.UniqueKeys];
        foreach (var name in names)
        {
            if (name.Length is 0 or > 60 || !name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_'))
            {
                throw new ArgumentException($"{name} is no name for a collection, field or key: letters, digits and underscores, at most 60.");
            }
        }

        if (Reserved.Contains(definition.Collection))
        {
            throw new ArgumentException($"The collection {definition.Collection} belongs to the store itself.");
        }
    }

    private static IEnumerable<BsonDocument> Indexes(CollectionDefinition definition) =>
    [
        MongoOutbox.PendingIndex,
        MongoDatabase.Index("deadline", ["x"], only: "x"),
        .. definition.UniqueKeys.Select(key => MongoDatabase.Index(UniquePrefix + key, ["u." + key], isUnique: true, only: "u." + key)),
        .. definition.Fields.Where(field => field.Many).Select(field => MongoDatabase.Index("many_" + field.Name, ["f." + field.Name, "_id"])),
        .. definition.Indexes.Select(fields => MongoDatabase.Index("by_" + string.Join('_', fields), [.. fields.Select(field => "f." + field), "_id"])),
    ];

    /// <summary>Not deleted, and its deadline has not come.</summary>
    private static Action<BsonWriter> NotOver(DateTimeOffset now) => filter =>
    {
        filter.BeginDocument("d");
        filter.Value("$exists", false);
        filter.End();
        filter.BeginArray("$or");
        filter.BeginDocument();
        filter.BeginDocument("x");
        filter.Value("$exists", false);
        filter.End();
        filter.End();
        filter.BeginDocument();
        filter.BeginDocument("x");
        filter.Value("$gt", now);
        filter.End();
        filter.End();
        filter.End();
    };

    private void WriteFields(BsonWriter document, DocumentWrite write)
    {
        var many = Definition(write.Collection).Fields.Where(field => field.Many).Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
        document.BeginDocument("f");
        foreach (var (name, values) in write.Fields)
        {
            switch (values)
            {
                case []:
                    break;
                case [var value] when !many.Contains(name):
                    document.Value(name, MongoConditions.Stored(value));
                    break;
                default:
                    document.Array(name, values.Select(MongoConditions.Stored));
                    break;
            }
        }

        document.End();
    }

    private static void WriteKeys(BsonWriter document, DocumentWrite write)
    {
        document.BeginDocument("u");
        foreach (var (name, key) in write.Keys)
        {
            document.Value(name, key);
        }

        document.End();
    }

    private async Task<WriteResult> Insert(DocumentWrite write, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (write.Body is not { } body)
        {
            return new WriteResult(WriteOutcome.Conflict);
        }

        var document = BsonWriter.Build(document =>
        {
            document.Value("_id", write.Id);
            document.Value("v", 1L);
            WriteFields(document, write);
            WriteKeys(document, write);
            if (write.Deadline is { } deadline)
            {
                document.Value("x", deadline);
            }

            if (write.Announcements.Count > 0)
            {
                document.Value("p", now);
                MongoOutbox.Write(document, write.Announcements);
            }

            document.Utf8("b", body.Span);
        });
        try
        {
            return await database.Ask(
                async client =>
                {
                    await client.Insert(write.Collection, document.Bytes, cancellationToken);
                    return new WriteResult(WriteOutcome.Written, 1);
                },
                cancellationToken);
        }
        catch (MongoException taken) when (taken.Failure is MongoFailure.DuplicateKey && taken.Index?.StartsWith(UniquePrefix, StringComparison.Ordinal) != true)
        {
            // It is there; perhaps only as what is left of a deleted or expired one, whose versions go on.
            var there = await database.Find(new MongoFind(write.Collection, ById(write.Id)) { Limit = 1, Projection = VersionOnly, Newest = true }, cancellationToken);
            return there is [var left] && !IsReadable(left, now)
                ? await Replace(write, left["v"].AsInt64(), _ => { }, now, cancellationToken)
                : new WriteResult(WriteOutcome.Conflict);
        }
    }

    private async Task<WriteResult> Replace(DocumentWrite write, long version, Action<BsonWriter> alsoOnlyIf, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var filter = BsonWriter.Build(filter =>
        {
            filter.Value("_id", write.Id);
            filter.Value("v", version);
            alsoOnlyIf(filter);
        });
        var deadline = write.Body is null ? now + Tombstone : write.Deadline;
        var update = BsonWriter.Build(change =>
        {
            change.BeginDocument("$set");
            change.Value("v", version + 1);
            if (deadline is { } time)
            {
                change.Value("x", time);
            }

            if (write.Body is { } body)
            {
                WriteFields(change, write);
                WriteKeys(change, write);
                change.Utf8("b", body.Span);
            }
            else
            {
                change.Value("d", true);
            }

            change.End();
            change.BeginDocument("$unset");
            foreach (var field in write.Body is null ? (string[])["b", "f", "u"] : ["d"])
            {
                change.Value(field, "");
            }

            if (deadline is null)
            {
                change.Value("x", "");
            }

            change.End();
            if (write.Announcements.Count > 0)
            {
                // Those that wait since an earlier write go first.
                change.BeginDocument("$min");
                change.Value("p", now);
                change.End();
                change.BeginDocument("$push");
                change.BeginDocument("o");
                change.BeginArray("$each");
                MongoOutbox.WriteEach(change, write.Announcements);
                change.End();
                change.End();
                change.End();
            }
        });
        var matched = await database.Ask(client => client.Update(write.Collection, [new MongoUpdate(filter.Bytes, update.Bytes)], cancellationToken), cancellationToken);
        return matched == 1 ? new WriteResult(WriteOutcome.Written, version + 1) : new WriteResult(WriteOutcome.Conflict);
    }

    /// <summary>Takes a key away from a document whose deadline has passed. False when somebody has it with right.</summary>
    private async Task<bool> Free(DocumentWrite write, string key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var freed = new MongoUpdate(
            BsonWriter.Build(filter =>
            {
                filter.Value("u." + key, write.Keys[key]);
                filter.BeginDocument("x");
                filter.Value("$lte", now);
                filter.End();
            }).Bytes,
            BsonWriter.Build(change =>
            {
                change.BeginDocument("$unset");
                change.Value("u." + key, "");
                change.End();
            }).Bytes);
        return await database.Ask(client => client.Update(write.Collection, [freed], cancellationToken), cancellationToken) > 0;
    }

    /// <summary>
    /// Removes what has expired. Not a TTL index: that would also remove what still has something to announce.
    /// </summary>
    private async Task Sweep(CollectionDefinition definition, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var last = swept.GetOrAdd(definition.Collection, now);
        if (now - last < SweepEvery || !swept.TryUpdate(definition.Collection, now, last))
        {
            return;
        }

        var expired = BsonWriter.Build(filter =>
        {
            filter.BeginDocument("x");
            filter.Value("$lte", now);
            filter.End();
            filter.BeginDocument("p");
            filter.Value("$exists", false);
            filter.End();
        });
        await database.Ask(client => client.Delete(definition.Collection, expired.Bytes, all: true, cancellationToken), cancellationToken);
    }

    /// <summary>So that a copy knows what the fields mean.</summary>
    private Task<long> Remember(CollectionDefinition definition, CancellationToken cancellationToken)
    {
        var declared = new MongoUpdate(
            ById(definition.Collection),
            BsonWriter.Build(change =>
            {
                change.BeginDocument("$set");
                change.Utf8("d", JsonSerializer.SerializeToUtf8Bytes(definition, EventFlyJson.Options));
                change.End();
            }).Bytes,
            Upsert: true);
        return database.Ask(client => client.Update(MongoDatabase.Declared, [declared], cancellationToken), cancellationToken);
    }

    private CollectionDefinition Definition(string collection) =>
        collections.GetValueOrDefault(collection) ?? throw new ArgumentException($"The collection {collection} was not declared.", nameof(collection));
}
