namespace EventFly.Storage.MongoDb;

/// <summary>
/// The seam between the storage adapter and a MongoDB client: seven operations on one database; documents cross it as BSON bytes. Writes are acknowledged by a
/// majority and survive a change of the primary; a write whose answer was lost is sent again where the servers recognise it (replica sets and sharded clusters).
/// Everything fails with <see cref="MongoException"/> in bounded time.
/// </summary>
public interface IMongo : IAsyncDisposable
{
    /// <summary>The database's name.</summary>
    string Database { get; }

    /// <summary>Where it is, without credentials.</summary>
    string Address { get; }

    /// <summary>Runs a command and answers with the server's reply.</summary>
    /// <param name="command">The first field names it.</param>
    /// <param name="mayRepeat">Whether it is sent again when its answer was lost: a read, or what comes to the same when done twice.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, bool mayRepeat, CancellationToken cancellationToken);

    /// <summary>Inserts one document.</summary>
    /// <exception cref="MongoException">With <see cref="MongoFailure.DuplicateKey"/> and the index, when a unique index has its key.</exception>
    Task Insert(string collection, ReadOnlyMemory<byte> document, CancellationToken cancellationToken);

    /// <summary>Updates or replaces, one document per update, in this order; the first failure ends it.</summary>
    /// <returns>How many documents matched or were inserted.</returns>
    Task<long> Update(string collection, IReadOnlyList<MongoUpdate> updates, CancellationToken cancellationToken);

    /// <summary>Updates one document and answers with it as it is then; null when none matched.</summary>
    Task<ReadOnlyMemory<byte>?> FindAndModify(string collection, MongoUpdate update, CancellationToken cancellationToken);

    /// <summary>Deletes one document, or all that match.</summary>
    /// <returns>How many.</returns>
    Task<long> Delete(string collection, ReadOnlyMemory<byte> filter, bool all, CancellationToken cancellationToken);

    /// <summary>The documents that match; more are fetched as they are read.</summary>
    IAsyncEnumerable<ReadOnlyMemory<byte>> Find(MongoFind find, CancellationToken cancellationToken);

    /// <summary>Does the work in one transaction: all of it happens, or nothing. The work may run several times. Replica sets and sharded clusters only.</summary>
    Task Transaction(Func<IMongo, Task> work, CancellationToken cancellationToken);
}

/// <summary>One update.</summary>
/// <param name="Filter">Which document.</param>
/// <param name="Update">Operators, or the document to replace it with.</param>
/// <param name="Upsert">Whether it is inserted when none matches.</param>
public readonly record struct MongoUpdate(ReadOnlyMemory<byte> Filter, ReadOnlyMemory<byte> Update, bool Upsert = false);

/// <summary>A search.</summary>
/// <param name="Collection">Where.</param>
/// <param name="Filter">Which documents.</param>
public sealed record MongoFind(string Collection, ReadOnlyMemory<byte> Filter)
{
    /// <summary>Which fields; null for all.</summary>
    public ReadOnlyMemory<byte>? Projection { get; init; }

    /// <summary>In which order; null for any.</summary>
    public ReadOnlyMemory<byte>? Sort { get; init; }

    /// <summary>At most this many; 0 for all.</summary>
    public int Limit { get; init; }

    /// <summary>Whether to see what a majority may not have yet: what this client itself wrote a moment ago without an answer.</summary>
    public bool Newest { get; init; }
}
