using System.Diagnostics;
using System.Globalization;
using System.Text;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Messaging.Nats.Client;
using Microsoft.Extensions.Logging;

namespace EventFly.Messaging.Nats.JetStream;

/// <summary>Hands a delivery to its handler and tells the bus what became of it.</summary>
internal sealed class Settlement(
    INatsClient client,
    NatsDeadLetters deadLetters,
    NatsClientSettings settings,
    ILogger logger,
    Subscription subscription,
    Func<Delivery, CancellationToken, Task<Disposition>> handler)
{
    private static readonly byte[] Ack = "+ACK"u8.ToArray();
    private static readonly byte[] Terminate = "+TERM"u8.ToArray();
    private static readonly byte[] Working = "+WPI"u8.ToArray();
    private static readonly byte[] Now = "-NAK"u8.ToArray();

    public async Task Handle(Received received, CancellationToken cancelHandlers)
    {
        var started = Stopwatch.GetTimestamp();
        var delivery = received.Delivery;
        using var span = NatsSpans.Process(
            client.Server,
            subscription,
            delivery,
            received.Headers?[Names.Traceparent] ?? NatsSpans.TraceparentOf(delivery.Data.Span),
            received.Headers?[Names.OriginalId] ?? received.Headers?[Names.MessageId]);
        var disposition = delivery.Attempt > 2 * (settings.RetryDelays.Count + 1)
            ? Disposition.Dead("Delivered again and again without a word what became of it: its handler may bring the process down.")
            : await Try(delivery, span, cancelHandlers);
        var outcome = disposition.Kind switch
        {
            DispositionKind.Done => await Tell(received, Ack, CancellationToken.None) ? "done" : "unsettled",
            DispositionKind.Retry when delivery.Attempt <= settings.RetryDelays.Count => await Retry(received, disposition),
            _ => await Bury(received, disposition),
        };
        if (outcome is not "done")
        {
            span.Failed(outcome, disposition.Reason);
        }

        NatsTelemetry.Consumed(received.Source.Stream.Name, subscription.Listener, outcome, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>Not begun here: somebody else may have it at once.</summary>
    public Task GiveBack(Received received) => Tell(received, Now, CancellationToken.None);

    public async Task InProgress(Received received, CancellationToken cancellationToken)
    {
        if (client.State is not NatsState.Connected)
        {
            return;
        }

        try
        {
            await client.Publish(new(received.ReplyTo, Working), cancellationToken);
        }
        catch (NatsException lost)
        {
            NatsTelemetry.Failed("in progress", lost.Failure.ToString());
        }
    }

    private async Task<Disposition> Try(Delivery delivery, Activity? span, CancellationToken cancelHandlers)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancelHandlers);
        limit.CancelAfter(settings.HandlingTimeout);
        try
        {
            return await handler(delivery, limit.Token);
        }
        catch (Exception exception)
        {
            // The message of an exception may hold personal data; its type and the trace are enough to find it in the log.
            span?.AddException(exception);
            NatsLog.HandlerFailed(logger, subscription.Listener, delivery.Subject, delivery.Attempt, exception);
            var name = exception is OperationCanceledException && limit.IsCancellationRequested ? "The handler took too long" : exception.GetType().Name;
            return Disposition.Retry(span is null ? name : $"{name} (trace {span.TraceId})");
        }
    }

    private async Task<string> Retry(Received received, Disposition disposition)
    {
        var delay = settings.RetryDelays[received.Delivery.Attempt - 1] * (0.9 + (Random.Shared.NextDouble() / 5));
        NatsLog.Retrying(logger, subscription.Listener, received.Delivery.Subject, received.Delivery.Attempt, delay, disposition.Reason);
        return await Tell(received, Later(delay), CancellationToken.None) ? "retry" : "unsettled";
    }

    // Stored before it is taken off: a crash in between leaves it in both places, and the letter's id makes that harmless.
    private async Task<string> Bury(Received received, Disposition disposition)
    {
        var (stream, delivery) = (received.Source.Stream.Name, received.Delivery);
        var origin = $"{stream}/{received.StreamSequence.ToString(CultureInfo.InvariantCulture)}";
        try
        {
            await deadLetters.Store(subscription.Listener, delivery, disposition.Reason ?? "", origin, received.Headers, CancellationToken.None);
        }
        catch (NatsException failed)
        {
            NatsTelemetry.Failed("dead letter", failed.Failure.ToString());
            NatsLog.DeadLetterFailed(logger, subscription.Listener, delivery.Subject, failed.Message);
            await Tell(received, Later(settings.RetryDelays.LastOrDefault(TimeSpan.FromSeconds(1))), CancellationToken.None);
            return "unsettled";
        }

        NatsTelemetry.DeadLettered(stream, subscription.Listener);
        NatsLog.DeadLettered(logger, subscription.Listener, delivery.Subject, delivery.Attempt, disposition.Reason);
        await Tell(received, Terminate, CancellationToken.None);
        return "dead";
    }

    private static byte[] Later(TimeSpan delay) =>
        Encoding.UTF8.GetBytes($"-NAK {{\"delay\":{JetStreamApi.Nanoseconds(delay).ToString(CultureInfo.InvariantCulture)}}}");

    private async Task<bool> Tell(Received received, byte[] word, CancellationToken cancellationToken)
    {
        try
        {
            await client.Publish(new(received.ReplyTo, word), cancellationToken);
            return true;
        }
        catch (NatsException lost)
        {
            NatsLog.NotSettled(logger, subscription.Listener, received.Delivery.Subject, lost.Message);
            return false;
        }
    }
}
