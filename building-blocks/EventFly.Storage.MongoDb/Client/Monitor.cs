using EventFly.Storage.MongoDb.Bson;

namespace EventFly.Storage.MongoDb.Client;

/// <summary>
/// Asks one server what it is, over a connection of its own. A server that can (4.4 on) keeps the question until its answer changes, so a new primary is known at
/// once. A failure elsewhere cancels the question under way: over a dead connection it would be answered only after its time-out, and hold up the failover.
/// </summary>
internal sealed class Monitor(HostAddress address, MongoUri uri, Tls? tls, Action<ServerDescription> publish, Action lost) : IAsyncDisposable
{
    /// <summary>Between two questions to a server that does not answer, also when somebody is waiting.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim asked = new(0, 1);
    private readonly Lock gate = new();
    private CancellationTokenSource? question;
    private Task running = Task.CompletedTask;

    public void Start() => running = Task.Run(Run);

    /// <summary>Somebody waits for a server: do not wait for the next turn.</summary>
    public void Ask()
    {
        lock (gate)
        {
            if (asked.CurrentCount == 0)
            {
                asked.Release();
            }
        }
    }

    /// <summary>The answer that is being waited for would come from a connection that is as dead as the one that just broke.</summary>
    public void Interrupt()
    {
        lock (gate)
        {
            question?.Cancel();
        }

        Ask();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Whoever waits for a server may still ask: what is asked with is left to the collector.
        stop.Dispose();
    }

    private async Task Run()
    {
        MongoConnection? connection = null;
        ServerDescription known = new(address);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var before = known;
                CancellationTokenSource current;
                lock (gate)
                {
                    question?.Dispose();
                    current = question = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
                }

                try
                {
                    if (connection is null)
                    {
                        connection = await MongoConnection.Open(address, uri, tls, null, 0, current.Token);
                        known = ServerDescription.Read(address, connection.Hello);
                    }
                    else
                    {
                        known = ServerDescription.Read(address, await Ask(connection, known.TopologyVersion, current.Token));
                    }

                    publish(known);
                }
                catch (Exception failure) when (failure is MongoException or OperationCanceledException or BsonException or FormatException)
                {
                    connection?.Dispose();
                    connection = null;
                    if (stop.IsCancellationRequested)
                    {
                        return;
                    }

                    known = new ServerDescription(address) { Error = failure.Message };
                    // An interrupted question says nothing about the server; whoever interrupted it has said it already.
                    if (failure is not OperationCanceledException)
                    {
                        lost();
                        publish(known);
                    }

                    if (before.Type is not ServerType.Unknown || failure is OperationCanceledException)
                    {
                        continue;
                    }
                }

                if (connection is not null && known.TopologyVersion is not null)
                {
                    continue;
                }

                await ((Task)asked.WaitAsync(uri.Heartbeat, stop.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (known.Type is ServerType.Unknown)
                {
                    await Task.Delay(ShortestPause, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
        finally
        {
            connection?.Dispose();
            lock (gate)
            {
                question?.Dispose();
                question = null;
            }
        }
    }

    private async Task<BsonDocument> Ask(MongoConnection connection, TopologyVersion? version, CancellationToken cancellationToken)
    {
        var message = OpMessage.Rent();
        try
        {
            message.Body.Value("hello", 1);
            if (version is not null)
            {
                version.Write(message.Body);
                message.Body.Value("maxAwaitTimeMS", (long)uri.Heartbeat.TotalMilliseconds);
            }

            message.Body.Value("$db", "admin");
            message.Finish();
            return await connection.Exchange(message, version is null ? uri.ConnectTimeout : uri.ConnectTimeout + uri.Heartbeat, cancellationToken);
        }
        finally
        {
            OpMessage.Return(message);
        }
    }
}
