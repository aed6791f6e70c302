namespace EventFly.Messaging.Nats.Client;

internal enum NatsFailure
{
    Disconnected,
    Timeout,
    NoResponders,
    TooLarge,
    Protocol,
    Refused,
}

/// <summary>The sentence names server and subject, never credentials or content.</summary>
internal sealed class NatsException(NatsFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public NatsFailure Failure { get; } = failure;
}
