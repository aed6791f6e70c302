namespace EventFly.BuildingBlocks.EventStore;

/// <summary>
/// What a store of streams may do beside: keep the latest snapshot of a stream, so that a long one loads fast. One contract suite holds every
/// adapter to it. A snapshot is a cache: losing one costs time only, and who reads one checks it against the stream.
/// </summary>
public interface ISnapshotStore
{
    /// <summary>The snapshot of a stream that was saved last, whole; none when it has another fingerprint.</summary>
    /// <exception cref="StorageUnavailableException">The store does not answer.</exception>
    Task<Snapshot?> Find(string stream, string fingerprint, CancellationToken cancellationToken);

    /// <summary>Takes the place of the stream's snapshot. A reader meets the one before or this one, never a part; other writes pass in between.</summary>
    /// <exception cref="StorageUnavailableException">The store does not answer; nothing depends on whether it was saved.</exception>
    Task Save(Snapshot snapshot, CancellationToken cancellationToken);
}

/// <summary>The state of a stream at a version.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="Version">Version of the last event in it.</param>
/// <param name="Fingerprint">Names the code that built the state, at most 100 characters.</param>
/// <param name="LastEvent">SHA-256 over name and data of the event at <paramref name="Version"/>, in hex: tells whether it is of this stream's history.</param>
/// <param name="Parts">At least one; each is stored in one piece, of usually 256 KiB.</param>
public sealed record Snapshot(string Stream, long Version, string Fingerprint, string LastEvent, IReadOnlyList<ReadOnlyMemory<byte>> Parts);
