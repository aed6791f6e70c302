namespace EventFly.BuildingBlocks.EventStore;

/// <summary>The storage port for streams. One contract suite holds every adapter to its promises.</summary>
/// <remarks>
/// Promises: a commit is stored whole, announcements included, or not at all; an acknowledged commit survives the kill of the process;
/// of two writers at one version exactly one wins; a repeated commit id is recognised.
/// </remarks>
public interface IEventStore
{
    /// <summary>Appends at the version that the writer has read.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be reached or does not answer in time; the outcome is unknown.</exception>
    Task<AppendOutcome> Append(Commit commit, CancellationToken cancellationToken);

    /// <summary>The events of a stream after a version, in order. A stream that never was has none.</summary>
    /// <param name="stream">The stream's name.</param>
    /// <param name="afterVersion">0 reads from the beginning; the first event of a stream has version 1.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<StoredEvent> Read(string stream, long afterVersion, CancellationToken cancellationToken);
}

/// <summary>What became of an append.</summary>
public enum AppendOutcome
{
    /// <summary>Stored now.</summary>
    Appended,

    /// <summary>The same commit id was stored before; nothing new was written.</summary>
    AlreadyAppended,

    /// <summary>The stream is not at the expected version; nothing was written.</summary>
    Conflict,
}

/// <summary>Events and the messages they announce, stored in one piece.</summary>
/// <param name="Stream">The stream's name, at most 200 characters.</param>
/// <param name="ExpectedVersion">Version of the last event that the writer has seen; 0 for a new stream.</param>
/// <param name="Id">Names this commit; sending it twice stores it once.</param>
/// <param name="At">When it was decided, UTC.</param>
/// <param name="Events">At least one.</param>
/// <param name="Announcements">Messages for the bus, in order.</param>
public sealed record Commit(
    string Stream, long ExpectedVersion, Guid Id, DateTimeOffset At, IReadOnlyList<NewEvent> Events, IReadOnlyList<Messaging.Announcement> Announcements);

/// <summary>An event to store.</summary>
/// <param name="Name">Its stored name; never changes once written.</param>
/// <param name="Data">JSON in UTF-8.</param>
public readonly record struct NewEvent(string Name, ReadOnlyMemory<byte> Data);

/// <summary>An event as stored.</summary>
/// <param name="Version">Its place in the stream, from 1, without gaps.</param>
/// <param name="Name">Its stored name.</param>
/// <param name="Data">JSON in UTF-8.</param>
/// <param name="At">When it was decided, UTC.</param>
public readonly record struct StoredEvent(long Version, string Name, ReadOnlyMemory<byte> Data, DateTimeOffset At);

/// <summary>The store did not answer, or not in time. Callers may try again; commit ids make that harmless.</summary>
public sealed class StorageUnavailableException : Exception
{
    /// <summary>Without a reason.</summary>
    public StorageUnavailableException()
    {
    }

    /// <summary>With a sentence that names the store, never its credentials.</summary>
    public StorageUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>With a sentence and what the driver said.</summary>
    public StorageUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
