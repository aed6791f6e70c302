using System.Diagnostics;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Messaging.Nats.Client;
using EventFly.Messaging.Nats.JetStream;
using Microsoft.Extensions.Logging;

namespace EventFly.Messaging.Nats;

/// <summary>The bus over NATS JetStream: a stream per speaker, a durable consumer per listener.</summary>
internal sealed class NatsBus(INatsClient client, JetStreamApi streams, NatsDeadLetters deadLetters, NatsClientSettings settings, ILogger<NatsBus> logger)
    : IBus, IDisposable
{
    private readonly SemaphoreSlim publishing = new(settings.MaxPublishing);

    public async Task Publish(Announcement announcement, CancellationToken cancellationToken)
    {
        var stream = streams.Speaking(Names.SpeakerOf(announcement.Subject));
        var traceparent = NatsSpans.TraceparentOf(announcement.Envelope.Span);
        using var span = NatsSpans.Publish(client.Server, announcement, traceparent);
        var headers = new NatsHeaders().With(Names.MessageId, announcement.Id.ToString());
        if ((span?.Id ?? traceparent) is { } context)
        {
            headers.With(Names.Traceparent, context);
        }

        var started = Stopwatch.GetTimestamp();
        await publishing.WaitAsync(cancellationToken);
        try
        {
            await Store(stream, new NatsMessage(announcement.Subject, announcement.Envelope, headers), cancellationToken);
            NatsTelemetry.Sent(stream.Name, Stopwatch.GetElapsedTime(started).TotalSeconds, null);
        }
        catch (NatsException failed)
        {
            span.Failed(failed.Failure.ToString(), failed.Message);
            NatsTelemetry.Sent(stream.Name, Stopwatch.GetElapsedTime(started).TotalSeconds, failed.Failure.ToString());
            NatsTelemetry.Failed("publish", failed.Failure.ToString());
            throw failed.Failure is NatsFailure.TooLarge
                ? new ArgumentException(failed.Message, nameof(announcement), failed)
                : new BusUnavailableException(failed.Message, failed);
        }
        finally
        {
            publishing.Release();
        }
    }

    public Task Consume(Subscription subscription, Func<Delivery, CancellationToken, Task<Disposition>> handler, CancellationToken cancellationToken) =>
        new Consumption(client, streams, deadLetters, settings, logger, subscription, handler).Run(cancellationToken);

    public void Dispose() => publishing.Dispose();

    // The message's id makes a second sending harmless, so a connection lost on the way is no reason to give up yet.
    private async Task Store(StreamConfig stream, NatsMessage message, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(20); ; pause *= 2)
        {
            try
            {
                await streams.Store(stream, message, settings.RequestTimeout, cancellationToken);
                return;
            }
            catch (NatsException failed) when (
                failed.Failure is NatsFailure.Disconnected or NatsFailure.NoResponders
                && client.State is not NatsState.Closed
                && Stopwatch.GetElapsedTime(started) + pause < settings.ReconnectPatience)
            {
                streams.Doubt(stream.Name);
                await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), cancellationToken);
            }
        }
    }
}
