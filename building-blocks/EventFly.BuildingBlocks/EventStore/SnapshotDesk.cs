using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Snapshots;
using Microsoft.Extensions.Logging;

namespace EventFly.BuildingBlocks.EventStore;

/// <summary>Of one stream: at which version its snapshot is, as far as this process knows.</summary>
internal sealed class SnapshotMemory
{
    public long Version { get; set; }
}

/// <summary>Writes and reads the snapshots of one aggregate's streams. None of it can fail or delay a decision.</summary>
internal sealed partial class SnapshotDesk<TState, TEvent>(
    StreamDefinition<TState, TEvent> definition, SnapshotForm<TState> form, ISnapshotStore snapshots, StreamsOptions options, ILogger log)
    where TState : class, IAggregate<TState, TEvent>
    where TEvent : class
{
    private readonly KeyValuePair<string, object?> category = new("category", definition.Category);
    private int writing;

    /// <summary>Starts to write a snapshot when it is time and none is being written; what is not done now is due at the next commit.</summary>
    public void Consider(string stream, SnapshotMemory memory, TState state, long version, NewEvent last)
    {
        if (options.SnapshotEvery == 0 || version - memory.Version < options.SnapshotEvery || Interlocked.Exchange(ref writing, 1) == 1)
        {
            return;
        }

        memory.Version = version;
        var fingerprintOfLast = Hash(last);
        using var _ = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        Task.Run(() => Write(stream, state, version, fingerprintOfLast));
    }

    /// <summary>The state of the kept snapshot, if it belongs to this code and to the stream as it is.</summary>
    public async Task<(TState State, long Version)?> Load(string stream, SnapshotMemory memory, IEventStore store)
    {
        try
        {
            if (await snapshots.Find(stream, form.Fingerprint, CancellationToken.None) is not { } kept)
            {
                return null;
            }

            if (!await IsOf(store, kept))
            {
                LogForeign(log, stream, kept.Version);
                Count("ignored");
                return null;
            }

            var state = form.Read(kept.Parts);
            memory.Version = kept.Version;
            Count("loaded");
            return (state, kept.Version);
        }
        catch (Exception unreadable) when (unreadable is not StorageUnavailableException)
        {
            LogUnreadable(log, unreadable, stream);
            Count("ignored");
            return null;
        }
    }

    /// <summary>A stream that was put back to an older copy has not that event there, or another one.</summary>
    private static async Task<bool> IsOf(IEventStore store, Snapshot kept)
    {
        await foreach (var stored in store.Read(kept.Stream, kept.Version - 1, CancellationToken.None))
        {
            return stored.Version == kept.Version && Hash(new NewEvent(stored.Name, stored.Data)) == kept.LastEvent;
        }

        return false;
    }

    private static string Hash(NewEvent happened)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(happened.Name));
        hash.AppendData([0]);
        hash.AppendData(happened.Data.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task Write(string stream, TState state, long version, string last)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            var parts = form.Write(state);
            await snapshots.Save(new Snapshot(stream, version, form.Fingerprint, last, parts), CancellationToken.None);
            Count("written");
            var (bytes, time) = (parts.Sum(part => (long)part.Length), Stopwatch.GetElapsedTime(began));
            LogWritten(log, stream, version, bytes, time);
        }
        catch (Exception failure)
        {
            // Nothing depends on it: the next one is due after as many events again.
            LogNotWritten(log, failure, stream, version);
            Count("failed");
        }
        finally
        {
            Volatile.Write(ref writing, 0);
        }
    }

    private void Count(string outcome) => StreamMetrics.Snapshots.Add(1, category, new("outcome", outcome));

    [LoggerMessage(Level = LogLevel.Debug, Message = "Snapshot of {Stream} at {Version}: {Bytes} bytes in {Time}.")]
    private static partial void LogWritten(ILogger log, string stream, long version, long bytes, TimeSpan time);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The snapshot of {Stream} at {Version} could not be written.")]
    private static partial void LogNotWritten(ILogger log, Exception failure, string stream, long version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The snapshot of {Stream} at {Version} is not of this stream's history and is passed over.")]
    private static partial void LogForeign(ILogger log, string stream, long version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The snapshot of {Stream} cannot be read and is passed over.")]
    private static partial void LogUnreadable(ILogger log, Exception failure, string stream);
}
