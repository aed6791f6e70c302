using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;

namespace EventFly.BuildingBlocks.Copies;

/// <summary>Everything that one service's store holds, for moving it to another adapter while nobody writes. Snapshots are a cache and stay behind.</summary>
public interface IStoreContents : IAsyncDisposable
{
    /// <summary>The collections that the service has declared.</summary>
    Task<IReadOnlyList<CollectionDefinition>> Collections(CancellationToken cancellationToken);

    /// <summary>All commits behind a key, in the order of their keys; without announcements.</summary>
    /// <param name="after">From <see cref="LastCommit"/>; empty for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<Commit> Commits(string after, CancellationToken cancellationToken);

    /// <summary>The greatest key of a commit; empty when there is none.</summary>
    Task<string> LastCommit(CancellationToken cancellationToken);

    /// <summary>All documents behind an id, what is left of deleted ones included, in the order of their ids.</summary>
    IAsyncEnumerable<KeptDocument> Documents(CollectionDefinition collection, string after, CancellationToken cancellationToken);

    /// <summary>The greatest id of a document; empty when there is none.</summary>
    Task<string> LastDocument(CollectionDefinition collection, CancellationToken cancellationToken);

    /// <summary>What waits for the bus, in the order in which it is sent.</summary>
    Task<IReadOnlyList<OutboxEntry>> Waiting(CancellationToken cancellationToken);

    /// <summary>Declares a collection.</summary>
    Task Declare(CollectionDefinition collection, CancellationToken cancellationToken);

    /// <summary>Stores commits; what is there already stays.</summary>
    Task Put(IReadOnlyList<Commit> commits, CancellationToken cancellationToken);

    /// <summary>Stores documents as they are; what is there already stays.</summary>
    Task Put(CollectionDefinition collection, IReadOnlyList<KeptDocument> documents, CancellationToken cancellationToken);

    /// <summary>Stores what waits for the bus; only when nothing waits there yet.</summary>
    Task Put(IReadOnlyList<OutboxEntry> waiting, CancellationToken cancellationToken);
}

/// <summary>A document as it is kept.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Body">JSON in UTF-8; null for what is left of a deleted one.</param>
/// <param name="Fields">Values of the declared fields: text, long, double, bool or DateTimeOffset.</param>
/// <param name="Keys">Values of the unique keys.</param>
/// <param name="Deadline">When it expires, or null.</param>
public sealed record KeptDocument(
    string Id,
    long Version,
    ReadOnlyMemory<byte>? Body,
    IReadOnlyDictionary<string, IReadOnlyList<object>> Fields,
    IReadOnlyDictionary<string, string> Keys,
    DateTimeOffset? Deadline);
