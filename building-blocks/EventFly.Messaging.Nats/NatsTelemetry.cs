using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace EventFly.Messaging.Nats;

/// <summary>
/// Spans and metrics of the bus, named after OpenTelemetry's messaging conventions where they have a name:
/// https://opentelemetry.io/docs/specs/semconv/messaging/
/// </summary>
public static class NatsTelemetry
{
    /// <summary>Name of the ActivitySource and of the Meter.</summary>
    public const string Name = "EventFly.Nats";

    private static readonly Meter Meter = new(Name);
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private static readonly Counter<long> SentMessages = Meter.CreateCounter<long>(
        "messaging.client.sent.messages", "{message}", "Messages handed to the bus and acknowledged by it, or failed.");

    private static readonly Counter<long> ConsumedMessages = Meter.CreateCounter<long>(
        "messaging.client.consumed.messages", "{message}", "Deliveries that came to a handler, by what became of them.");

    private static readonly Histogram<double> OperationSeconds = Meter.CreateHistogram<double>(
        "messaging.client.operation.duration", "s", "From sending to the bus's answer.", advice: Seconds);

    private static readonly Histogram<double> ProcessSeconds = Meter.CreateHistogram<double>(
        "messaging.process.duration", "s", "From delivery to what became of it.", advice: Seconds);

    private static readonly Counter<long> Redeliveries = Meter.CreateCounter<long>(
        "eventfly.nats.redeliveries", "{message}", "Deliveries that were not the first of their message.");

    private static readonly Counter<long> DeadLetters = Meter.CreateCounter<long>(
        "eventfly.nats.dead_letters", "{message}", "Messages given up and stored as dead letters.");

    private static readonly Counter<long> Reconnections = Meter.CreateCounter<long>(
        "eventfly.nats.reconnects", "{connection}", "Lost connections that came back.");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "eventfly.nats.failures", "{failure}", "Failures of the client, by operation and kind.");

    private static readonly Gauge<long> Lag = Meter.CreateGauge<long>(
        "eventfly.nats.consumer.lag", "{message}", "Messages the bus still has for a listener, as last seen.");

    internal static ActivitySource Source { get; } = new(Name);

    internal static bool WatchesLag => Lag.Enabled;

    internal static void Sent(string stream, double seconds, string? error)
    {
        var tags = Tags("publish", stream);
        if (error is not null)
        {
            tags.Add("error.type", error);
        }

        SentMessages.Add(1, tags);
        OperationSeconds.Record(seconds, tags);
    }

    internal static void Consumed(string stream, string listener, string outcome, double seconds)
    {
        var tags = Tags("process", stream);
        tags.Add("messaging.consumer.group.name", listener);
        tags.Add("eventfly.outcome", outcome);
        ConsumedMessages.Add(1, tags);
        ProcessSeconds.Record(seconds, tags);
    }

    internal static void Redelivered(string stream, string listener) =>
        Redeliveries.Add(1, new("messaging.destination.name", stream), new("messaging.consumer.group.name", listener));

    internal static void DeadLettered(string stream, string listener) =>
        DeadLetters.Add(1, new("messaging.destination.name", stream), new("messaging.consumer.group.name", listener));

    internal static void Behind(string stream, string listener, long messages) =>
        Lag.Record(messages, new("messaging.destination.name", stream), new("messaging.consumer.group.name", listener));

    internal static void Reconnected() => Reconnections.Add(1);

    internal static void Failed(string operation, string kind) =>
        Failures.Add(1, new("messaging.operation.name", operation), new("error.type", kind));

    private static TagList Tags(string operation, string stream) => new()
    {
        { "messaging.system", "nats" },
        { "messaging.operation.name", operation },
        { "messaging.destination.name", stream },
    };
}
