using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using EventFly.Messaging.Nats.Client;

namespace EventFly.Messaging.Nats.JetStream;

/// <summary>
/// Asks a durable consumer for as many messages as there is room for, again and again. An open question is noticed as lost when the
/// server's heartbeats stop or the connection was replaced.
/// </summary>
internal sealed class Puller(INatsClient client, Source source, Func<Source, NatsMessage, bool> accept)
{
    private static readonly TimeSpan Expiry = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);
    private readonly string subject = $"$JS.API.CONSUMER.MSG.NEXT.{source.Stream.Name}.{source.Consumer.DurableName}";
    private int reserved;

    /// <summary>Until cancelled, or until it fails: then the consumer has to be looked after and a new puller begins.</summary>
    /// <param name="heard">Called when the consumer proved to be there.</param>
    /// <param name="cancellationToken">Ends the pulling.</param>
    /// <exception cref="NatsException">The consumer does not answer, or is gone.</exception>
    public async Task Run(Action heard, CancellationToken cancellationToken)
    {
        var inbox = client.NewInbox();
        using var subscription = client.Subscribe($"{inbox}.*", source.Window.Size + 16);
        try
        {
            for (var pull = 1L; ; pull++)
            {
                reserved += await source.Window.Take(reserved > 0 ? 0 : 1, cancellationToken);
                var request = new PullRequest(reserved, JetStreamApi.Nanoseconds(Expiry), JetStreamApi.Nanoseconds(Heartbeat));
                var answerTo = $"{inbox}.{pull.ToString(CultureInfo.InvariantCulture)}";
                await client.Publish(
                    new(subject, JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.PullRequest), ReplyTo: answerTo), cancellationToken);
                await Receive(subscription, answerTo, reserved, heard, cancellationToken);
            }
        }
        finally
        {
            await client.Drain(subscription, Heartbeat);
            Rest(subscription);
            source.Window.Return(reserved);
        }
    }

    private async Task Receive(NatsSubscription subscription, string answerTo, int batch, Action heard, CancellationToken cancellationToken)
    {
        for (var received = 0; received < batch;)
        {
            if (!subscription.Messages.TryRead(out var message))
            {
                message = await Next(subscription, cancellationToken);
            }

            if (ReferenceEquals(message, NatsMessage.Restored))
            {
                // The server may still know the open question, under an inbox that came back: leave inbox and question behind.
                throw new NatsException(NatsFailure.Disconnected, "The connection was lost and restored.");
            }

            if (message.Status == 0)
            {
                received++;
                heard();
                Take(message);
            }
            else if (Ends(message, answerTo))
            {
                return;
            }
        }
    }

    private async Task<NatsMessage> Next(NatsSubscription subscription, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Heartbeat * 3);
        try
        {
            return await subscription.Messages.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NatsException(NatsFailure.Timeout, $"The consumer {source.Consumer.DurableName} of {source.Stream.Name} fell silent.");
        }
        catch (ChannelClosedException)
        {
            throw new NatsException(NatsFailure.Disconnected, "The NATS client is closed.");
        }
    }

    private bool Ends(NatsMessage message, string answerTo) => message switch
    {
        { Status: 100 } => false,
        _ when message.Subject != answerTo => false,
        { Status: 404 or 408 } => true,
        _ => throw new NatsException(
            message.Status == 503 ? NatsFailure.NoResponders : NatsFailure.Refused,
            $"The consumer {source.Consumer.DurableName} of {source.Stream.Name} ended: {message.Status} {message.Headers?.Description}."),
    };

    private void Take(NatsMessage message)
    {
        if (accept(source, message))
        {
            reserved--;
        }
    }

    // What came before the end is handled (or given back) like everything else.
    private void Rest(NatsSubscription subscription)
    {
        while (subscription.Messages.TryRead(out var message))
        {
            if (message.Status == 0 && message.ReplyTo is not null && reserved > 0)
            {
                Take(message);
            }
        }
    }
}
