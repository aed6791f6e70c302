using EventFly.Messaging.Nats.Client;
using Microsoft.Extensions.Logging;

namespace EventFly.Messaging.Nats;

/// <summary>No credentials, no content of messages.</summary>
internal static partial class NatsLog
{
    [LoggerMessage(4201, LogLevel.Information, "Connected to NATS at {Server}")]
    public static partial void Connected(ILogger logger, NatsServer server);

    [LoggerMessage(4202, LogLevel.Warning, "Lost the connection to NATS at {Server}: {Reason}")]
    public static partial void Lost(ILogger logger, NatsServer server, string reason);

    [LoggerMessage(4203, LogLevel.Warning, "No connection to NATS at {Server}, trying again: {Reason}")]
    public static partial void NotReached(ILogger logger, NatsServer server, string reason);

    [LoggerMessage(4204, LogLevel.Warning, "Messages on {Subject} come faster than they are taken; the ones that did not fit are dropped")]
    public static partial void Dropped(ILogger logger, string subject);

    [LoggerMessage(4205, LogLevel.Debug, "The stream {Stream} is there")]
    public static partial void StreamReady(ILogger logger, string stream);

    [LoggerMessage(4206, LogLevel.Warning, "The stream {Stream} exists with other settings than ours; they are left as they are")]
    public static partial void StreamDiffers(ILogger logger, string stream);

    [LoggerMessage(4207, LogLevel.Information, "{Listener} listens to {Speaker}")]
    public static partial void Listening(ILogger logger, string listener, string speaker);

    [LoggerMessage(4208, LogLevel.Information, "{Listener} stopped listening to {Speaker}")]
    public static partial void Stopped(ILogger logger, string listener, string speaker);

    [LoggerMessage(4209, LogLevel.Warning, "{Listener} cannot hear {Stream} at the moment, trying again: {Reason}")]
    public static partial void Deaf(ILogger logger, string listener, string stream, string reason);

    [LoggerMessage(4210, LogLevel.Warning, "{Listener} failed at {Subject}, try {Attempt}")]
    public static partial void HandlerFailed(ILogger logger, string listener, string subject, int attempt, Exception exception);

    [LoggerMessage(4211, LogLevel.Warning, "{Listener} retries {Subject} in {Delay} after try {Attempt}: {Reason}")]
    public static partial void Retrying(ILogger logger, string listener, string subject, int attempt, TimeSpan delay, string? reason);

    [LoggerMessage(4212, LogLevel.Error, "{Listener} gave up {Subject} after {Attempts} tries, it is a dead letter now: {Reason}")]
    public static partial void DeadLettered(ILogger logger, string listener, string subject, int attempts, string? reason);

    [LoggerMessage(4213, LogLevel.Error, "{Listener} could not store the dead letter of {Subject}; it stays on the bus and is delivered again: {Reason}")]
    public static partial void DeadLetterFailed(ILogger logger, string listener, string subject, string reason);

    [LoggerMessage(4214, LogLevel.Warning, "{Listener} could not report what became of {Subject}; it is delivered again: {Reason}")]
    public static partial void NotSettled(ILogger logger, string listener, string subject, string reason);

    [LoggerMessage(4215, LogLevel.Information, "Replayed the dead letter {Sequence} to {Listener}: {Subject}")]
    public static partial void Replayed(ILogger logger, long sequence, string listener, string subject);

    [LoggerMessage(4217, LogLevel.Error, "{Listener} could not see {Subject} through; it is delivered again")]
    public static partial void LaneFailed(ILogger logger, string listener, string subject, Exception exception);

    [LoggerMessage(4218, LogLevel.Critical, "The NATS client is broken and does not connect again")]
    public static partial void Broken(ILogger logger, Exception exception);

    [LoggerMessage(4216, LogLevel.Warning, "{Listener} still runs handlers after {Limit}; they are cancelled")]
    public static partial void DrainTooLong(ILogger logger, string listener, TimeSpan limit);
}
