namespace EventFly.Messaging.Nats.Client;

/// <summary>A message to send, or as it came.</summary>
internal sealed record NatsMessage(string Subject, ReadOnlyMemory<byte> Payload, NatsHeaders? Headers = null, string? ReplyTo = null)
{
    /// <summary>Stands in a subscription where the connection was lost and came back: messages may be missing here.</summary>
    public static NatsMessage Restored { get; } = new("", ReadOnlyMemory<byte>.Empty);

    /// <summary>0 for an ordinary message, otherwise the server's word: 100 heartbeat, 404, 408, 409, 503.</summary>
    public int Status => Headers?.Status ?? 0;
}
