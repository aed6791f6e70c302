namespace EventFly.Messaging.Nats.Client;

/// <summary>What the bus needs of a NATS client: the seam at which another client, such as NATS.Net, can take the place of ours.</summary>
internal interface INatsClient : IAsyncDisposable
{
    NatsState State { get; }

    /// <summary>Host and port last connected to or tried. Never credentials.</summary>
    NatsServer Server { get; }

    /// <summary>Largest payload the server takes, headers included, in bytes.</summary>
    long MaxPayload { get; }

    /// <summary>Hands a message to the connection; no word on its arrival.</summary>
    /// <exception cref="NatsException">Disconnected for too long, or too large.</exception>
    ValueTask Publish(NatsMessage message, CancellationToken cancellationToken);

    /// <summary>Sends and waits for the one answer.</summary>
    /// <exception cref="NatsException">Disconnected, no answer in time, nobody listens there, or too large.</exception>
    Task<NatsMessage> Request(NatsMessage message, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Listens until disposed, over reconnects. What does not fit in <paramref name="capacity"/> is dropped and counted.</summary>
    NatsSubscription Subscribe(string subject, int capacity);

    /// <summary>Ends a subscription so that nothing already sent by the server is missed: read what is left, then dispose.</summary>
    Task Drain(NatsSubscription subscription, TimeSpan timeout);

    /// <summary>A subject nobody else listens to.</summary>
    string NewInbox();

    /// <summary>Completes when the server has taken all that was sent before.</summary>
    /// <exception cref="NatsException">Disconnected, or no answer in time.</exception>
    Task Flush(TimeSpan timeout, CancellationToken cancellationToken);
}

internal enum NatsState
{
    Connecting,
    Connected,
    Closed,
}
