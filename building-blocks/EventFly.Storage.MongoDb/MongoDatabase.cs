using System.Collections.Concurrent;
using EventFly.BuildingBlocks.EventStore;
using EventFly.Storage.MongoDb.Bson;
using EventFly.Storage.MongoDb.Client;

namespace EventFly.Storage.MongoDb;

/// <summary>One database of a MongoDB deployment: the store of one service.</summary>
public sealed class MongoDatabase : IAsyncDisposable
{
    internal const string Commits = "commits";
    internal const string Snapshots = "snapshots";
    internal const string SnapshotParts = "snapshot_parts";
    internal const string Relay = "relay";
    internal const string Declared = "declared";

    private readonly string connectionString;
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, Task> ready = new(StringComparer.Ordinal);
    private Task<IMongo>? client;
    private bool isDisposed;

    private MongoDatabase(string connectionString, MongoUri uri)
    {
        this.connectionString = connectionString;
        Name = uri.Database ?? throw new FormatException("The MongoDB connection string cannot be used: it names no database (mongodb://host/<database>).");
        Address = uri.ToString();
    }

    /// <summary>The database's name.</summary>
    public string Name { get; }

    /// <summary>Where it is, without credentials.</summary>
    public string Address { get; }

    /// <summary>Reads the string; connects when something is asked of it.</summary>
    /// <exception cref="FormatException">The string cannot be used; the message says why and holds nothing secret.</exception>
    public static MongoDatabase Open(string connectionString) => new(connectionString, MongoUri.Parse(connectionString));

    /// <summary>Closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<IMongo>? closing;
        lock (gate)
        {
            isDisposed = true;
            closing = client;
        }

        if (closing is { IsCompletedSuccessfully: true })
        {
            await (await closing).DisposeAsync();
        }
    }

    /// <summary>Asks the client, and says of a store that cannot be asked what every adapter says.</summary>
    internal async Task<T> Ask<T>(Func<IMongo, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work(await Client(cancellationToken));
        }
        catch (MongoException failure) when (failure.IsUnavailable || ServerError.IsPassing(failure))
        {
            throw new StorageUnavailableException($"The database {Name} does not answer: {failure.Message}", failure);
        }
    }

    /// <summary>The documents that match, all of them at once.</summary>
    internal Task<List<BsonDocument>> Find(MongoFind find, CancellationToken cancellationToken) => Ask(
        async client =>
        {
            List<BsonDocument> found = [];
            await foreach (var document in client.Find(find, cancellationToken))
            {
                found.Add(new BsonDocument(document));
            }

            return found;
        },
        cancellationToken);

    /// <summary>A command that may be repeated.</summary>
    internal Task<BsonDocument> Command(BsonDocument command, CancellationToken cancellationToken) =>
        Ask(async client => new BsonDocument(await client.Command(command.Bytes, mayRepeat: true, cancellationToken)), cancellationToken);

    /// <summary>Creates the indexes of a collection, once per process. One that is there and means something else ends it with a sentence.</summary>
    internal async Task Prepare(string collection, IReadOnlyList<BsonDocument> indexes, CancellationToken cancellationToken)
    {
        var preparing = ready.GetOrAdd(collection, _ => CreateIndexes(collection, indexes, CancellationToken.None));
        try
        {
            await preparing.WaitAsync(cancellationToken);
        }
        catch
        {
            // Next time again.
            ready.TryRemove(KeyValuePair.Create(collection, preparing));
            throw;
        }
    }

    internal static BsonDocument Index(string name, IEnumerable<string> fields, bool isUnique = false, string? only = null) => BsonWriter.Build(index =>
    {
        index.BeginDocument("key");
        foreach (var field in fields)
        {
            index.Value(field, 1);
        }

        index.End();
        index.Value("name", name);
        if (isUnique)
        {
            index.Value("unique", true);
        }

        // Only documents that have the field: a sparse index over several fields would hold every document.
        if (only is not null)
        {
            index.BeginDocument("partialFilterExpression");
            index.BeginDocument(only);
            index.Value("$exists", true);
            index.End();
            index.End();
        }
    });

    private async Task CreateIndexes(string collection, IReadOnlyList<BsonDocument> indexes, CancellationToken cancellationToken)
    {
        const int OptionsConflict = 85;
        const int KeySpecsConflict = 86;
        try
        {
            await Command(
                BsonWriter.Build(command =>
                {
                    command.Value("createIndexes", collection);
                    command.Array("indexes", indexes.Select(index => (object)index));
                    command.BeginDocument("writeConcern");
                    command.Value("w", "majority");
                    command.End();
                }),
                cancellationToken);
        }
        catch (MongoException different) when (different.Code is OptionsConflict or KeySpecsConflict)
        {
            throw new InvalidOperationException(
                $"An index of the collection {collection} in {Address} differs from what this version declares; drop it, and it is made anew at the next start: {different.Message}", different);
        }
    }

    private Task<IMongo> Client(CancellationToken cancellationToken)
    {
        Task<IMongo> connecting;
        lock (gate)
        {
            if (isDisposed)
            {
                throw new StorageUnavailableException($"The database {Name} is closed.");
            }

            if (client is null or { IsFaulted: true } or { IsCanceled: true })
            {
                client = MongoFactory.Connect(connectionString, CancellationToken.None);
            }

            connecting = client;
        }

        return connecting.IsCompletedSuccessfully ? connecting : connecting.WaitAsync(cancellationToken);
    }
}
