using System.Collections.Concurrent;
using System.Diagnostics;

namespace EventFly.Storage.MongoDb.Client;

/// <summary>The servers behind one connection string: what each is, and who may be written to now.</summary>
internal sealed class Topology : IAsyncDisposable
{
    private readonly MongoUri uri;
    private readonly Tls? tls;
    private readonly Scram? scram;
    private readonly MongoTelemetry telemetry;
    private readonly ConcurrentDictionary<HostAddress, Server> servers = new();
    private readonly Lock gate = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TopologyDescription description;
    private volatile bool remembersWrites;
    private bool isDisposed;

    public Topology(MongoUri uri, MongoTelemetry telemetry)
    {
        this.uri = uri;
        this.telemetry = telemetry;
        tls = uri.Tls ? new Tls(uri) : null;
        scram = uri is { User: { } user, Password: { } password } ? new Scram(user, password, uri.AuthSource) : null;
        description = TopologyDescription.Begin(uri);
        lock (gate)
        {
            Follow();
        }
    }

    public TopologyDescription Description => description;

    /// <summary>Whether a numbered write that comes twice is done once; what was so when a server that takes writes was last known.</summary>
    public bool RemembersWrites => remembersWrites;

    /// <summary>A server that takes writes, and reads of what was acknowledged.</summary>
    /// <exception cref="MongoException">There was none in time; the message says what is known of each.</exception>
    public async ValueTask<Server> Select(CancellationToken cancellationToken)
    {
        if (Writable() is { } now)
        {
            return now;
        }

        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            Task change;
            lock (gate)
            {
                change = changed.Task;
            }

            if (Writable() is { } found)
            {
                return found;
            }

            foreach (var server in servers.Values)
            {
                server.Monitor.Ask();
            }

            var left = uri.ServerSelectionTimeout - Stopwatch.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                throw NoServer();
            }

            try
            {
                await change.WaitAsync(left, cancellationToken);
            }
            catch (TimeoutException)
            {
                throw NoServer();
            }
        }
    }

    /// <summary>A connection failed or was refused: what is known of this server may be wrong, and its other connections are as bad.</summary>
    public void Lost(Server server, int generation, string error)
    {
        if (generation != server.Pool.Generation)
        {
            return;
        }

        Publish(new ServerDescription(server.Address) { Error = error });
        server.Pool.Clear(generation);
        server.Monitor.Interrupt();
    }

    /// <summary>The server says that it takes no writes any more.</summary>
    public void NotPrimary(Server server, int generation, TopologyVersion? version, bool isShuttingDown)
    {
        // Said before it was elected again.
        if (generation != server.Pool.Generation || (version is not null && description.Servers.GetValueOrDefault(server.Address)?.TopologyVersion is { } known
            && (version.IsOlderThan(known) || version == known) && description.Servers[server.Address].Type is not ServerType.Unknown))
        {
            return;
        }

        Publish(new ServerDescription(server.Address) { Error = "It is not primary any more.", TopologyVersion = version });
        if (isShuttingDown)
        {
            server.Pool.Clear(generation);
        }

        server.Monitor.Ask();
    }

    public async ValueTask DisposeAsync()
    {
        Server[] all;
        lock (gate)
        {
            isDisposed = true;
            all = [.. servers.Values];
            servers.Clear();
        }

        foreach (var server in all)
        {
            await server.Monitor.DisposeAsync();
            server.Pool.Dispose();
        }
    }

    private Server? Writable()
    {
        var known = description;
        if (known.Incompatible is { } reason)
        {
            throw new MongoException(MongoFailure.Refused, reason);
        }

        switch (known.Type)
        {
            case TopologyType.Single or TopologyType.ReplicaSetWithPrimary:
                foreach (var (address, server) in known.Servers)
                {
                    // A direct connection talks to whatever it is.
                    if (server.IsWritable || (known.Type is TopologyType.Single && server.Type is not ServerType.Unknown))
                    {
                        return servers.GetValueOrDefault(address);
                    }
                }

                return null;
            case TopologyType.Sharded:
                Server? least = null;
                var seen = 0;
                foreach (var (address, server) in known.Servers)
                {
                    if (server.IsWritable && servers.TryGetValue(address, out var candidate))
                    {
                        // The less busy one; among equals each has the same chance.
                        seen = least is null || candidate.Busy < least.Busy ? 1 : candidate.Busy == least.Busy ? seen + 1 : seen;
                        least = least is null || candidate.Busy < least.Busy || (candidate.Busy == least.Busy && Random.Shared.Next(seen) == 0) ? candidate : least;
                    }
                }

                return least;
            default:
                return null;
        }
    }

    private MongoException NoServer()
    {
        var known = description;
        var servers = known.Servers.Values.Select(server => $"{server.Address} is {server.Type switch
        {
            ServerType.Unknown => server.Error is { } error ? $"not reachable ({error.TrimEnd('.')})" : "not known yet",
            ServerType.OtherMember => "another member",
            _ => server.Type.ToString().ToLowerInvariant(),
        }}");
        var isUntrusted = known.Servers.Count > 0 && known.Servers.Values.All(server => server.Error?.Contains("TLS handshake", StringComparison.Ordinal) == true);
        return new MongoException(
            isUntrusted ? MongoFailure.NotTrusted : MongoFailure.Unreachable,
            $"No MongoDB server took the command within {uri.ServerSelectionTimeout.TotalSeconds:0.#} s: {(known.Servers.IsEmpty ? "none is left" : string.Join("; ", servers))}.");
    }

    private void Publish(ServerDescription server)
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            if (isDisposed)
            {
                return;
            }

            description = description.Apply(server);
            remembersWrites = description.Servers.Values.Any(known => known.IsWritable) ? description.HasRetryableWrites : remembersWrites;
            Follow();
            waiting = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        waiting.SetResult();
        if (uri.MinPoolSize > 0 && server.IsWritable && servers.TryGetValue(server.Address, out var filled))
        {
            _ = Fill(filled.Pool);
        }
    }

    /// <summary>Opens connections before somebody needs them. Who needs one will hear why there is none.</summary>
    private static async Task Fill(ConnectionPool pool)
    {
        try
        {
            await pool.KeepMinimum(CancellationToken.None);
        }
        catch (MongoException)
        {
            // The next hello tries again.
        }
    }

    /// <summary>A monitor and a pool for each server of the description, and for no other.</summary>
    private void Follow()
    {
        foreach (var address in description.Servers.Keys)
        {
            if (!servers.ContainsKey(address))
            {
                var pool = new ConnectionPool(address, uri, tls, scram, telemetry);
                var monitor = new Monitor(address, uri, tls, Publish, () => pool.Clear());
                servers[address] = new Server(address, pool, monitor);
                monitor.Start();
            }
        }

        foreach (var (address, server) in servers)
        {
            if (!description.Servers.ContainsKey(address) && servers.TryRemove(address, out _))
            {
                server.Pool.Dispose();
                _ = server.Monitor.DisposeAsync().AsTask();
            }
        }
    }
}

/// <summary>One server with its connections.</summary>
internal sealed class Server(HostAddress address, ConnectionPool pool, Monitor monitor)
{
    private int busy;

    public HostAddress Address => address;

    public ConnectionPool Pool => pool;

    public Monitor Monitor => monitor;

    /// <summary>Commands under way.</summary>
    public int Busy => Volatile.Read(ref busy);

    public void Begin() => Interlocked.Increment(ref busy);

    public void End() => Interlocked.Decrement(ref busy);
}
