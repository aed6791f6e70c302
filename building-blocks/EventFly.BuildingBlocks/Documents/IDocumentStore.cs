using EventFly.BuildingBlocks.Messaging;

namespace EventFly.BuildingBlocks.Documents;

/// <summary>The storage port for documents. One contract suite holds every adapter to its promises.</summary>
public interface IDocumentStore
{
    /// <summary>Creates or checks what a collection needs. Safe to repeat.</summary>
    Task Declare(CollectionDefinition definition, CancellationToken cancellationToken);

    /// <summary>The document, or null when there is none, it was deleted, or its deadline has passed.</summary>
    Task<StoredDocument?> Get(string collection, string id, CancellationToken cancellationToken);

    /// <summary>One atomic write together with its announcements.</summary>
    Task<WriteResult> Write(DocumentWrite write, CancellationToken cancellationToken);

    /// <summary>One page.</summary>
    /// <exception cref="UnreadableCursorException">A cursor that is not from here.</exception>
    /// <exception cref="ArgumentException">An undeclared field.</exception>
    Task<Page<StoredDocument>> Query(string collection, Query query, CancellationToken cancellationToken);

    /// <summary>How many documents meet every condition.</summary>
    Task<long> Count(string collection, IReadOnlyList<Where> all, CancellationToken cancellationToken);
}

/// <summary>A document as stored.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">From 1; grows by one with each write.</param>
/// <param name="Body">JSON in UTF-8.</param>
public sealed record StoredDocument(string Id, long Version, ReadOnlyMemory<byte> Body);

/// <summary>A write.</summary>
/// <param name="Collection">Where.</param>
/// <param name="Id">Which.</param>
/// <param name="ExpectedVersion">0 to insert; else the version that the writer has read.</param>
/// <param name="Body">The new body, or null to delete.</param>
/// <param name="Fields">Values of the declared fields: text, long, double, bool or DateTimeOffset.</param>
/// <param name="Keys">Values of the unique keys.</param>
/// <param name="Deadline">When it expires, or null.</param>
/// <param name="Announcements">Messages for the bus, in order.</param>
public sealed record DocumentWrite(
    string Collection,
    string Id,
    long ExpectedVersion,
    ReadOnlyMemory<byte>? Body,
    IReadOnlyDictionary<string, IReadOnlyList<object>> Fields,
    IReadOnlyDictionary<string, string> Keys,
    DateTimeOffset? Deadline,
    IReadOnlyList<Announcement> Announcements);

/// <summary>What became of a write.</summary>
public enum WriteOutcome
{
    /// <summary>Stored.</summary>
    Written,

    /// <summary>The document is not at the expected version (or exists already, for an insert); nothing was written.</summary>
    Conflict,

    /// <summary>Another document has this unique key; nothing was written.</summary>
    DuplicateKey,
}

/// <summary>What became of a write.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Version">The version now, when written.</param>
/// <param name="Key">Name of the violated unique key.</param>
public sealed record WriteResult(WriteOutcome Outcome, long Version = 0, string? Key = null);
