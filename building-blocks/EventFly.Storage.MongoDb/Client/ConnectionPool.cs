using System.Diagnostics;

namespace EventFly.Storage.MongoDb.Client;

/// <summary>Connections to one server: the one used last is used next, callers wait in turn, and a cleared pool uses no older connection again.</summary>
internal sealed class ConnectionPool(HostAddress address, MongoUri uri, Tls? tls, Scram? scram, MongoTelemetry telemetry) : IDisposable
{
    private readonly SemaphoreSlim slots = new(uri.MaxPoolSize);
    private readonly SemaphoreSlim connecting = new(uri.MaxConnecting);
    private readonly Stack<MongoConnection> idle = new();
    private readonly Lock gate = new();
    private int generation;
    private int open;
    private bool isDisposed;

    public HostAddress Address => address;

    public int Generation => Volatile.Read(ref generation);

    /// <exception cref="MongoException">None became free in time, or none can be opened.</exception>
    public async ValueTask<MongoConnection> Take(CancellationToken cancellationToken)
    {
        if (!slots.Wait(0, CancellationToken.None))
        {
            var began = Stopwatch.GetTimestamp();
            var isFree = await slots.WaitAsync(uri.WaitQueueTimeout, cancellationToken);
            telemetry.Waited(address, Stopwatch.GetElapsedTime(began), isFree);
            if (!isFree)
            {
                throw new MongoException(
                    MongoFailure.TimedOut, $"All {uri.MaxPoolSize} connections to {address} were in use for {uri.WaitQueueTimeout.TotalSeconds:0.#} s (maxPoolSize, waitQueueTimeoutMS).") { IsFromQueue = true };
            }
        }

        try
        {
            return Idle() ?? (await Open(isMore: false, cancellationToken))!;
        }
        catch
        {
            slots.Release();
            throw;
        }
    }

    public void Return(MongoConnection connection)
    {
        lock (gate)
        {
            if (!connection.IsBroken && connection.Generation == generation && !isDisposed)
            {
                connection.IdleSince = Stopwatch.GetTimestamp();
                idle.Push(connection);
                connection = null!;
            }
        }

        Close(connection);
        slots.Release();
    }

    /// <summary>No connection that was made before is used again; those in use are closed when they come back.</summary>
    public void Clear(int? seen = null)
    {
        MongoConnection[] closed;
        lock (gate)
        {
            // Somebody has cleared it already since the failed connection was made.
            if (seen is not null && seen != generation)
            {
                return;
            }

            generation++;
            closed = [.. idle];
            idle.Clear();
        }

        foreach (var connection in closed)
        {
            Close(connection);
        }
    }

    /// <summary>Opens connections until there are as many, in use or not, as the connection string wants.</summary>
    public async Task KeepMinimum(CancellationToken cancellationToken)
    {
        while (await slots.WaitAsync(0, cancellationToken))
        {
            MongoConnection? added;
            try
            {
                added = await Open(isMore: true, cancellationToken);
            }
            catch
            {
                slots.Release();
                throw;
            }

            if (added is null)
            {
                slots.Release();
                return;
            }

            Return(added);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
        }

        Clear();
    }

    private MongoConnection? Idle()
    {
        while (true)
        {
            MongoConnection connection;
            lock (gate)
            {
                if (isDisposed)
                {
                    throw new MongoException(MongoFailure.Unreachable, $"The client of {address} is closed.");
                }

                if (!idle.TryPop(out connection!))
                {
                    return null;
                }
            }

            if (connection.Generation == Generation && (uri.MaxIdleTime == Timeout.InfiniteTimeSpan || Stopwatch.GetElapsedTime(connection.IdleSince) < uri.MaxIdleTime))
            {
                return connection;
            }

            Close(connection);
        }
    }

    /// <summary>One more; null only if <paramref name="isMore"/>, as nobody waits for it, and the pool has its minimum.</summary>
    private async Task<MongoConnection?> Open(bool isMore, CancellationToken cancellationToken)
    {
        if (!await connecting.WaitAsync(uri.WaitQueueTimeout, cancellationToken))
        {
            throw new MongoException(MongoFailure.TimedOut, $"No connection to {address} could be opened for {uri.WaitQueueTimeout.TotalSeconds:0.#} s.") { IsFromQueue = true };
        }

        try
        {
            // Another may have come back meanwhile.
            if (!isMore && Idle() is { } returned)
            {
                return returned;
            }

            lock (gate)
            {
                if (isMore && open >= uri.MinPoolSize)
                {
                    return null;
                }

                open++;
            }

            try
            {
                var connection = await MongoConnection.Open(address, uri, tls, scram, Generation, cancellationToken);
                telemetry.Connections(address, 1);
                return connection;
            }
            catch
            {
                Forget();
                throw;
            }
        }
        finally
        {
            connecting.Release();
        }
    }

    private void Forget()
    {
        lock (gate)
        {
            open--;
        }
    }

    private void Close(MongoConnection? connection)
    {
        if (connection is not null)
        {
            connection.Dispose();
            Forget();
            telemetry.Connections(address, -1);
        }
    }
}
