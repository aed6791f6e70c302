using System.ComponentModel.DataAnnotations;

namespace EventFly.BuildingBlocks.EventStore;

/// <summary>Bounds of <see cref="Streams"/>.</summary>
public sealed class StreamsOptions
{
    /// <summary>Decisions that may wait for one stream; one more is refused with 503.</summary>
    [Range(1, 1_000_000)]
    public int QueueLimit { get; set; } = 8192;

    /// <summary>Decisions that share a commit at most. 1 turns group commit off.</summary>
    [Range(1, 100_000)]
    public int CommitLimit { get; set; } = 512;

    /// <summary>Streams whose state is kept in memory at most, apart from those at work.</summary>
    [Range(1, 10_000_000)]
    public int KeptStreams { get; set; } = 20_000;

    /// <summary>How often a commit is decided anew after another writer was faster, before the callers get 503.</summary>
    [Range(1, 100)]
    public int Tries { get; set; } = 10;

    /// <summary>A snapshot is written in the background after this many events, for streams that have snapshots. 0 writes none.</summary>
    [Range(0, 10_000_000)]
    public int SnapshotEvery { get; set; } = 10_000;
}
