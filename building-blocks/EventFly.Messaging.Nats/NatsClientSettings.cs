namespace EventFly.Messaging.Nats;

/// <summary>How a process talks to NATS. The defaults are meant for production; tests shorten them.</summary>
public sealed record NatsClientSettings
{
    /// <summary>
    /// <c>nats://[user:password@|token@]host[:port][,…]</c>; <c>tls://</c> insists on TLS. Credentials with special characters are
    /// percent-encoded.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>No health check <c>nats</c>.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Shown by the server's monitoring; the application's name if not set.</summary>
    public string? Name { get; set; }

    /// <summary>For one connection attempt, handshake included.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a call waits for a lost connection to come back before it fails.</summary>
    public TimeSpan ReconnectPatience { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest pause between two rounds over all servers. The first is 50 ms; each is twice the one before, with jitter.</summary>
    public TimeSpan MaxReconnectDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>For one request and its answer.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A silent connection is asked this often; after two questions without an answer it counts as lost.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes that may wait to be sent; further senders wait, so memory stays bounded.</summary>
    public int SendBufferBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Publications that may wait for their acknowledgement at once; further ones queue.</summary>
    public int MaxPublishing { get; set; } = 1024;

    /// <summary>Deliveries of one subscription that a process holds at once, waiting and in the handler together.</summary>
    public int MaxDelivering { get; set; } = 512;

    /// <summary>Handlers of one subscription that run at once. Messages about one aggregate always share a lane.</summary>
    public int Lanes { get; set; } = 64;

    /// <summary>
    /// After this time without a word the bus delivers again: so late is, at most, what was under way on a connection that broke. While
    /// a handler runs the bus is told that it does, three times in this span.
    /// </summary>
    public TimeSpan AckWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A handler that takes longer is cancelled, and that counts as a failed try.</summary>
    public TimeSpan HandlingTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>At the end of a consumption, how long running handlers may take to finish before they are cancelled.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The pauses before the second, third, … try (a tenth more or less). One try more than there are pauses, then a dead letter.</summary>
    public IReadOnlyList<TimeSpan> RetryDelays { get; set; } =
    [
        TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15),
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(5),
    ];

    /// <summary>How long the bus keeps what was said; a listener that is away for longer misses news.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(30);
}
