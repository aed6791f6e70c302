using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EventFly.BuildingBlocks.Messaging;

/// <summary>Consumes what this service reacts to, one durable consumer per speaker, and runs the reactions.</summary>
public sealed partial class Dispatcher(
    IBus bus, Reactions reactions, IServiceScopeFactory scopes, IOptions<MessagingOptions> options, ILogger<Dispatcher> log) : BackgroundService
{
    private static readonly ActivitySource Source = new("EventFly.Messaging");

    private static readonly Meter Meter = new("EventFly.Messaging");

    private static readonly Counter<long> Handled =
        Meter.CreateCounter<long>("eventfly.messages.handled", "{message}", "Messages handled, by type and outcome (done, retry, dead).");

    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>("eventfly.messages.duration", "s", "Time a reaction took.");

    /// <summary>Handles one delivery. Public for bus doubles, which deliver by hand.</summary>
    public async Task<Disposition> Handle(Delivery delivery, CancellationToken cancellationToken)
    {
        Envelope envelope;
        Reaction? reaction;
        object message;
        try
        {
            envelope = Envelope.Read(delivery.Data.Span);
            reaction = reactions.To(envelope.Type);
            if (reaction is null)
            {
                return Disposition.Done;
            }

            message = envelope.Message(reaction.Contract);
        }
        catch (JsonException unreadable)
        {
            LogUnreadable(log, unreadable, delivery.Subject);
            return Disposition.Dead($"Unreadable: {unreadable.Message}");
        }

        // The bus has a span of its own around this one; without it (another bus, no listener) the sender's is the parent.
        using var span = Activity.Current is null
            ? Source.StartActivity("handle " + reaction.Contract.Name, ActivityKind.Consumer, envelope.Traceparent)
            : Source.StartActivity("handle " + reaction.Contract.Name, ActivityKind.Consumer);
        span?.SetTag("messaging.system", "nats");
        span?.SetTag("messaging.message.id", envelope.Id);
        span?.SetTag("messaging.destination.name", envelope.Type);
        span?.SetTag("eventfly.attempt", delivery.Attempt);

        var began = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Value.HandlerTimeout);
        var disposition = Disposition.Done;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var context = new MessageContext(envelope.Id, envelope.Subject, envelope.Sequence, envelope.Time, delivery.Attempt);
            await reaction.Invoke(scope.ServiceProvider, message, context, limit.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Disposition.Retry("The service is stopping.");
        }
        catch (Exception failure)
        {
            span?.SetStatus(ActivityStatusCode.Error, failure.GetType().Name);
            LogFailed(log, failure, reaction.Contract.Name, envelope.Id, delivery.Attempt);

            // The message may name people; it is in the log, the dead letter only points there.
            disposition = Disposition.Retry($"{reaction.Contract.Name}: {failure.GetType().Name}, trace {span?.TraceId.ToString() ?? "none"}");
        }

        var type = new KeyValuePair<string, object?>("type", envelope.Type);
        Duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, type);
        Handled.Add(1, type, new("outcome", disposition.Kind is DispositionKind.Done ? "done" : "retry"));
        return disposition;
    }

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        reactions.Speakers.Select(speaker => bus.Consume(new Subscription(options.Value.Service, speaker), Handle, stoppingToken)));

    [LoggerMessage(Level = LogLevel.Error, Message = "The message on {Subject} cannot be read.")]
    private static partial void LogUnreadable(ILogger log, Exception failure, string subject);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reaction to {Contract} {MessageId} failed at attempt {Attempt}.")]
    private static partial void LogFailed(ILogger log, Exception failure, string contract, Guid messageId, int attempt);
}
