using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using EventFly.BuildingBlocks.EventStore;
using Microsoft.Data.Sqlite;

namespace EventFly.Storage.Sqlite;

/// <summary>
/// One database file: one writer that takes all waiting writes into one durable transaction (WAL, synchronous=FULL), readers in parallel.
/// </summary>
/// <remarks>One row per transaction gives a tenth of the rows a second that groups of 256 give; four writers that compete only lengthen the tail.</remarks>
public sealed class SqliteDatabase : IAsyncDisposable
{
    private const int WaitingWrites = 10_000;
    private const int WritesPerTransaction = 256;
    private const int Readers = 16;

    private static readonly ActivitySource Source = new("EventFly.Storage.Sqlite");
    private static readonly Meter Meter = new("EventFly.Storage.Sqlite");
    private static readonly Histogram<double> Transaction =
        Meter.CreateHistogram<double>("eventfly.sqlite.transaction.duration", "s", "Time to make one transaction durable.");

    private static readonly Histogram<int> GroupSize =
        Meter.CreateHistogram<int>("eventfly.sqlite.transaction.writes", "{write}", "Writes that shared a transaction.");

    private readonly string connectionString;
    private readonly string fileName;
    private readonly Channel<Job> jobs = Channel.CreateBounded<Job>(new BoundedChannelOptions(WaitingWrites) { SingleReader = true });
    private readonly ConcurrentBag<SqliteSession> idleReaders = [];
    private readonly SemaphoreSlim readerSlots = new(Readers);
    private readonly SqliteSession writer;
    private readonly Task writing;

    private SqliteDatabase(string path)
    {
        fileName = Path.GetFileName(path);
        connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 10 }.ToString();
        writer = new SqliteSession(connectionString, writer: true);
        try
        {
            Schema.Create(writer);
        }
        catch
        {
            writer.Dispose();
            throw;
        }

        writing = Task.Run(Write);
    }

    /// <summary>Opens the file, and creates it and its folder when they are not there.</summary>
    /// <exception cref="StorageUnavailableException">The file cannot be opened or is no database; the message says which and what to do.</exception>
    public static SqliteDatabase Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            {
                Directory.CreateDirectory(folder);
            }

            return new SqliteDatabase(path);
        }
        catch (SqliteException broken) when (broken.SqliteErrorCode is SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_CORRUPT)
        {
            throw new StorageUnavailableException($"The database file {path} is damaged or no SQLite database: restore it from a copy, or move it away to begin empty.", broken);
        }
        catch (Exception refused) when (refused is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException($"The database file {path} cannot be opened: {refused.Message}", refused);
        }
    }

    /// <summary>Waits for waiting writes, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        jobs.Writer.TryComplete();
        await writing;
        writer.Dispose();
        while (idleReaders.TryTake(out var reader))
        {
            reader.Dispose();
        }

        readerSlots.Dispose();
    }

    /// <summary>Queues a write and answers when the transaction that holds it is durable. The work must be repeatable.</summary>
    internal async Task<T> Write<T>(string name, Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        using var span = Span(name);
        var job = new Job<T>(work);
        try
        {
            await jobs.Writer.WriteAsync(job, cancellationToken);
            return await job.Answer;
        }
        catch (Exception failure) when (Translate(failure) is { } translated)
        {
            span?.SetStatus(ActivityStatusCode.Error, failure.Message);
            throw translated;
        }
    }

    /// <summary>Reads what is committed.</summary>
    internal async Task<T> Read<T>(string name, Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        using var span = Span(name);
        await readerSlots.WaitAsync(cancellationToken);
        try
        {
            if (!idleReaders.TryTake(out var reader))
            {
                reader = new SqliteSession(connectionString, writer: false);
            }

            try
            {
                var result = work(reader);
                idleReaders.Add(reader);
                return result;
            }
            catch
            {
                reader.Dispose();
                throw;
            }
        }
        catch (SqliteException failure)
        {
            span?.SetStatus(ActivityStatusCode.Error, failure.Message);
            throw Unavailable(failure);
        }
        finally
        {
            readerSlots.Release();
        }
    }

    private Activity? Span(string name)
    {
        // What nobody asked for (the relay looks for news, a sweep for work) would bury the traces that somebody wants to read.
        var span = Activity.Current is not { Recorded: true } ? null : Source.StartActivity(name, ActivityKind.Client);
        span?.SetTag("db.system.name", "sqlite");
        span?.SetTag("db.namespace", fileName);
        span?.SetTag("db.operation.name", name);
        return span;
    }

    private StorageUnavailableException? Translate(Exception failure) => failure switch
    {
        SqliteException sqlite => Unavailable(sqlite),
        ChannelClosedException closed => new StorageUnavailableException($"The database {fileName} is closed.", closed),
        _ => null,
    };

    private StorageUnavailableException Unavailable(SqliteException failure) =>
        new($"The database {fileName} does not answer: {failure.Message}", failure);

    private async Task Write()
    {
        List<Job> group = [];
        while (await jobs.Reader.WaitToReadAsync())
        {
            while (group.Count < WritesPerTransaction && jobs.Reader.TryRead(out var job))
            {
                group.Add(job);
            }

            if (!TryRun(group) && group.Count > 1)
            {
                // One of them broke the transaction; alone each gets its own outcome.
                foreach (var job in group)
                {
                    TryRun([job]);
                }
            }

            foreach (var job in group)
            {
                job.Finish();
            }

            group.Clear();
        }
    }

    private bool TryRun(List<Job> group)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            writer.Execute("BEGIN IMMEDIATE");
            foreach (var job in group)
            {
                job.Run(writer);
            }

            writer.Execute("COMMIT");
            Transaction.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
            GroupSize.Record(group.Count);
            return true;
        }
        catch (Exception failure)
        {
            foreach (var job in group)
            {
                job.Break(failure);
            }

            if (SQLitePCL.raw.sqlite3_get_autocommit(writer.Connection.Handle) == 0)
            {
                writer.Execute("ROLLBACK");
            }

            return false;
        }
    }

    private abstract class Job
    {
        public abstract void Run(SqliteSession session);

        public abstract void Break(Exception failure);

        public abstract void Finish();
    }

    private sealed class Job<T>(Func<SqliteSession, T> work) : Job
    {
        private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? result;
        private Exception? broken;

        public Task<T> Answer => answer.Task;

        public override void Run(SqliteSession session) => (result, broken) = (work(session), null);

        public override void Break(Exception failure) => broken = failure;

        public override void Finish()
        {
            if (broken is null)
            {
                answer.SetResult(result!);
            }
            else
            {
                answer.SetException(broken);
            }
        }
    }
}
