using System.Runtime.CompilerServices;
using System.Text.Json;
using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Copies;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Storage.MongoDb.Bson;

namespace EventFly.Storage.MongoDb;

/// <summary>Everything in one MongoDB database, for a copy.</summary>
public sealed class MongoContents : IStoreContents
{
    private const int DocumentsPerRead = 500;

    private readonly MongoDatabase database;
    private readonly MongoOutbox outbox;
    private readonly TimeProvider clock;

    /// <summary>Opens a database.</summary>
    /// <exception cref="FormatException">The connection string cannot be used.</exception>
    public MongoContents(string connectionString, TimeProvider clock)
    {
        database = MongoDatabase.Open(connectionString);
        outbox = new MongoOutbox(database, clock);
        this.clock = clock;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<CollectionDefinition>> Collections(CancellationToken cancellationToken)
    {
        var declared = await database.Find(new MongoFind(MongoDatabase.Declared, BsonDocument.Empty.Bytes) { Sort = MongoEventStore.ById(1) }, cancellationToken);
        CollectionDefinition[] definitions = [.. declared.Select(document => JsonSerializer.Deserialize<CollectionDefinition>(document["d"].AsUtf8().Span, EventFlyJson.Options)!)];
        foreach (var definition in definitions)
        {
            outbox.Watch(definition.Collection);
        }

        return definitions;
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<Commit> Commits(string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var commit in All(MongoDatabase.Commits, after, cancellationToken))
        {
            var id = commit["_id"].AsString();
            yield return new Commit(
                id[..id.LastIndexOf('/')],
                commit["n"].AsInt64() - 1,
                commit["c"].AsGuid(),
                commit["at"].AsTime(),
                [.. commit.Documents("e").Select(stored => new NewEvent(stored["n"].AsString(), stored["d"].AsUtf8()))],
                []);
        }
    }

    /// <inheritdoc />
    public Task<string> LastCommit(CancellationToken cancellationToken) => Last(MongoDatabase.Commits, cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<KeptDocument> Documents(CollectionDefinition collection, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var document in All(collection.Collection, after, cancellationToken))
        {
            var fields = new Dictionary<string, IReadOnlyList<object>>(StringComparer.Ordinal);
            foreach (var (name, value) in document.Document("f") ?? BsonDocument.Empty)
            {
                fields[name] = value.Type is BsonType.Array ? Values(value.AsDocument()) : [value.AsObject()!];
            }

            var keys = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (name, value) in document.Document("u") ?? BsonDocument.Empty)
            {
                keys[name] = value.AsString();
            }

            yield return new KeptDocument(
                document["_id"].AsString(),
                document["v"].AsInt64(),
                document.Flag("d") ? (ReadOnlyMemory<byte>?)null : document["b"].AsUtf8(),
                fields,
                keys,
                document.Find("x") is { Type: BsonType.Date } deadline ? deadline.AsTime() : null);
        }
    }

    /// <inheritdoc />
    public Task<string> LastDocument(CollectionDefinition collection, CancellationToken cancellationToken) => Last(collection.Collection, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<OutboxEntry>> Waiting(CancellationToken cancellationToken) => outbox.Look(int.MaxValue, cancellationToken);

    /// <inheritdoc />
    public Task Declare(CollectionDefinition collection, CancellationToken cancellationToken) =>
        new MongoDocumentStore(database, outbox, clock).Declare(collection, cancellationToken);

    /// <inheritdoc />
    public async Task Put(IReadOnlyList<Commit> commits, CancellationToken cancellationToken)
    {
        await outbox.PrepareCommits(cancellationToken);
        await Keep(MongoDatabase.Commits, commits.Select(MongoEventStore.DocumentOf), cancellationToken);
    }

    /// <inheritdoc />
    public Task Put(CollectionDefinition collection, IReadOnlyList<KeptDocument> documents, CancellationToken cancellationToken)
    {
        var many = collection.Fields.Where(field => field.Many).Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
        return Keep(collection.Collection, documents.Select(document => DocumentOf(document, many)), cancellationToken);
    }

    /// <inheritdoc />
    public async Task Put(IReadOnlyList<OutboxEntry> waiting, CancellationToken cancellationToken)
    {
        foreach (var aggregate in waiting.GroupBy(entry => entry.Aggregate, StringComparer.Ordinal))
        {
            var slash = aggregate.Key.IndexOf('/');
            var (collection, id) = slash < 0
                ? (MongoDatabase.Commits, await LastCommitOf(aggregate.Key, cancellationToken))
                : (aggregate.Key[..slash], aggregate.Key[(slash + 1)..]);
            var update = new MongoUpdate(
                BsonWriter.Build(filter => filter.Value("_id", id)).Bytes,
                BsonWriter.Build(change =>
                {
                    change.BeginDocument("$set");
                    change.Value("p", clock.GetUtcNow());
                    MongoOutbox.Write(change, [.. aggregate.Select(entry => entry.Announcement)]);
                    change.End();
                }).Bytes);
            if (await database.Ask(client => client.Update(collection, [update], cancellationToken), cancellationToken) != 1)
            {
                throw new InvalidOperationException($"What {aggregate.Key} announces has no place: {collection} has no {id}.");
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await outbox.DisposeAsync();
        await database.DisposeAsync();
    }

    private static List<object> Values(BsonDocument array)
    {
        List<object> values = [];
        foreach (var (_, value) in array)
        {
            values.Add(value.AsObject()!);
        }

        return values;
    }

    private static BsonDocument After(string id) => BsonWriter.Build(filter =>
    {
        filter.BeginDocument("_id");
        filter.Value("$gt", id);
        filter.End();
    });

    private static BsonDocument DocumentOf(KeptDocument kept, HashSet<string> many) => BsonWriter.Build(document =>
    {
        document.Value("_id", kept.Id);
        document.Value("v", kept.Version);
        if (kept.Deadline is { } deadline)
        {
            document.Value("x", deadline);
        }

        if (kept.Body is not { } body)
        {
            document.Value("d", true);
            return;
        }

        document.BeginDocument("f");
        foreach (var (name, values) in kept.Fields)
        {
            if (many.Contains(name))
            {
                document.Array(name, values.Select(MongoConditions.Stored));
            }
            else
            {
                document.Value(name, MongoConditions.Stored(values[0]));
            }
        }

        document.End();
        document.BeginDocument("u");
        foreach (var (name, key) in kept.Keys)
        {
            document.Value(name, key);
        }

        document.End();
        document.Utf8("b", body.Span);
    });

    private async IAsyncEnumerable<BsonDocument> All(string collection, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await database.Find(
                new MongoFind(collection, After(after).Bytes) { Sort = MongoEventStore.ById(1), Limit = DocumentsPerRead }, cancellationToken);
            foreach (var document in page)
            {
                after = document["_id"].AsString();
                yield return document;
            }

            if (page.Count < DocumentsPerRead)
            {
                yield break;
            }
        }
    }

    private async Task<string> Last(string collection, CancellationToken cancellationToken) => await database.Find(
        new MongoFind(collection, After("").Bytes) { Sort = MongoEventStore.ById(-1), Limit = 1, Projection = BsonWriter.Build(fields => fields.Value("_id", 1)).Bytes },
        cancellationToken) is [var last] ? last["_id"].AsString() : "";

    private async Task<string> LastCommitOf(string stream, CancellationToken cancellationToken) => await database.Find(
        new MongoFind(MongoDatabase.Commits, MongoEventStore.Between(MongoEventStore.IdOf(stream, 0), MongoEventStore.EndOf(stream)).Bytes)
        {
            Sort = MongoEventStore.ById(-1), Limit = 1, Projection = BsonWriter.Build(fields => fields.Value("_id", 1)).Bytes,
        },
        cancellationToken) is [var last] ? last["_id"].AsString() : stream;

    private Task<long> Keep(string collection, IEnumerable<BsonDocument> documents, CancellationToken cancellationToken)
    {
        MongoUpdate[] updates =
        [
            .. documents.Select(document => new MongoUpdate(
                BsonWriter.Build(filter => filter.Value("_id", document["_id"].AsString())).Bytes,
                BsonWriter.Build(change =>
                {
                    change.BeginDocument("$setOnInsert");
                    foreach (var (name, value) in document)
                    {
                        if (name != "_id")
                        {
                            change.Copy(name, value);
                        }
                    }

                    change.End();
                }).Bytes,
                Upsert: true)),
        ];
        return database.Ask(client => client.Update(collection, updates, cancellationToken), cancellationToken);
    }
}
