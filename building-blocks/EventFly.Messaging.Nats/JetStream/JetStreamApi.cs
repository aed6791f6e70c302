using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventFly.Messaging.Nats.Client;
using Microsoft.Extensions.Logging;

namespace EventFly.Messaging.Nats.JetStream;

/// <summary>JetStream's management calls, as far as the bus needs them. Streams are made by whoever needs them first.</summary>
internal sealed class JetStreamApi(INatsClient client, NatsClientSettings settings, ILogger logger)
{
    private const int NameInUse = 10058;
    private const int StreamNotFound = 10059;
    private const int NoMessageFound = 10037;
    private static readonly TimeSpan DuplicateWindow = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ReplayAge = TimeSpan.FromDays(30);
    private readonly ConcurrentDictionary<string, bool> made = new();
    private readonly ConcurrentDictionary<string, StreamConfig> speaking = new();

    /// <summary>Stores a message; throws unless the stream has it. A stream that is missing, or was lost, is made first.</summary>
    /// <exception cref="NatsException">Not stored, or not known whether.</exception>
    public async Task<PubAck> Store(StreamConfig stream, NatsMessage message, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!made.ContainsKey(stream.Name))
        {
            await Make(stream, cancellationToken);
        }

        var answer = await client.Request(message, timeout, cancellationToken);
        var ack = JsonSerializer.Deserialize(answer.Payload.Span, ApiJson.Default.PubAck);
        return ack switch
        {
            { Error: { } error } => throw Refused($"publish to {stream.Name}", error),
            { Stream: not null } => ack,
            _ => throw new NatsException(NatsFailure.Protocol, $"The answer to a publication to {stream.Name} is no acknowledgement."),
        };
    }

    /// <summary>Forget that the stream was made: it may have been lost.</summary>
    public void Doubt(string stream) => made.TryRemove(stream, out _);

    public async Task Make(StreamConfig stream, CancellationToken cancellationToken)
    {
        var answer = await Call($"STREAM.CREATE.{stream.Name}", stream, ApiJson.Default.StreamConfig, cancellationToken);
        if (answer.Error is { ErrCode: NameInUse })
        {
            NatsLog.StreamDiffers(logger, stream.Name);
        }
        else if (answer.Error is { } error)
        {
            throw Refused($"create the stream {stream.Name}", error);
        }
        else
        {
            NatsLog.StreamReady(logger, stream.Name);
        }

        made[stream.Name] = true;
    }

    public async Task MakeConsumer(StreamConfig stream, ConsumerConfig consumer, CancellationToken cancellationToken)
    {
        await Make(stream, cancellationToken);
        var answer = await Call(
            $"CONSUMER.DURABLE.CREATE.{stream.Name}.{consumer.DurableName}",
            new CreateConsumer(stream.Name, consumer),
            ApiJson.Default.CreateConsumer,
            cancellationToken);
        if (answer.Error is { } error)
        {
            throw Refused($"create the consumer {consumer.DurableName} of {stream.Name}", error);
        }
    }

    public async Task<long> PendingOf(string stream, string consumer, CancellationToken cancellationToken)
    {
        var answer = await Call($"CONSUMER.INFO.{stream}.{consumer}", cancellationToken);
        return answer.Error is { } error ? throw Refused($"ask for {consumer} of {stream}", error) : answer.NumPending + answer.NumAckPending;
    }

    public async Task<long> CountOf(string stream, CancellationToken cancellationToken)
    {
        var answer = await Call($"STREAM.INFO.{stream}", cancellationToken);
        return answer.Error switch
        {
            null => answer.State?.Messages ?? 0,
            { ErrCode: StreamNotFound } => 0,
            var error => throw Refused($"ask for the stream {stream}", error),
        };
    }

    /// <summary>A message by number, or the next from there with such a subject. Null when there is none.</summary>
    public async Task<StoredMessage?> Get(string stream, GetMessage which, CancellationToken cancellationToken)
    {
        var answer = await Call($"STREAM.MSG.GET.{stream}", which, ApiJson.Default.GetMessage, cancellationToken);
        return answer.Error switch
        {
            null => answer.Message,
            { ErrCode: StreamNotFound or NoMessageFound } => null,
            var error => throw Refused($"read from the stream {stream}", error),
        };
    }

    /// <summary>False when it was not there.</summary>
    public async Task<bool> Delete(string stream, long sequence, CancellationToken cancellationToken)
    {
        var answer = await Call($"STREAM.MSG.DELETE.{stream}", new DeleteMessage(sequence), ApiJson.Default.DeleteMessage, cancellationToken);
        return answer.Error switch
        {
            null => answer.Success,
            { ErrCode: StreamNotFound or NoMessageFound or 10043 or 10057 } => false,
            var error => throw Refused($"delete from the stream {stream}", error),
        };
    }

    /// <summary>Throws unless JetStream answers and is switched on.</summary>
    public async Task Account(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var answer = await client.Request(new("$JS.API.INFO", ReadOnlyMemory<byte>.Empty), timeout, cancellationToken);
        if (JsonSerializer.Deserialize(answer.Payload.Span, ApiJson.Default.ApiAnswer)?.Error is { } error)
        {
            throw Refused("answer", error);
        }
    }

    /// <summary>What a service says.</summary>
    public StreamConfig Speaking(string speaker) => speaking.GetOrAdd(speaker, name =>
        new(Names.StreamOf(name), [Names.SubjectsOf(name)], Nanoseconds(settings.MaxAge), Nanoseconds(DuplicateWindow)));

    /// <summary>Kept until somebody replays them; when there are far too many, further ones are refused, not the oldest dropped.</summary>
    public static StreamConfig DeadLetters() => new(
        Names.DeadLetters, [$"{Names.DeadLetterPrefix}.>"], 0, Nanoseconds(DuplicateWindow), Discard: "new", MaxMsgs: 1_000_000);

    /// <summary>Dead letters on their way back to their listener; gone when handled.</summary>
    public static StreamConfig Replays() => new(
        Names.Replays, [$"{Names.ReplayPrefix}.>"], Nanoseconds(ReplayAge), Nanoseconds(DuplicateWindow), Retention: "workqueue");

    public static long Nanoseconds(TimeSpan time) => time.Ticks * 100;

    private Task<ApiAnswer> Call(string call, CancellationToken cancellationToken) =>
        Call(call, ReadOnlyMemory<byte>.Empty, cancellationToken);

    private Task<ApiAnswer> Call<T>(string call, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        Call(call, JsonSerializer.SerializeToUtf8Bytes(body, type), cancellationToken);

    private async Task<ApiAnswer> Call(string call, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var span = NatsSpans.Request(client.Server, call);
        var answer = await client.Request(new($"$JS.API.{call}", body), settings.RequestTimeout, cancellationToken);
        return JsonSerializer.Deserialize(answer.Payload.Span, ApiJson.Default.ApiAnswer)
            ?? throw new NatsException(NatsFailure.Protocol, $"JetStream's answer to {call} is empty.");
    }

    private static NatsException Refused(string what, ApiError error) =>
        new(error.ErrCode is 10054 ? NatsFailure.TooLarge : NatsFailure.Refused, $"JetStream refused to {what}: {error.Description} ({error.ErrCode}).");
}
