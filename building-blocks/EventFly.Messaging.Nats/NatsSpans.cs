using System.Diagnostics;
using System.Text.Json;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Messaging.Nats.Client;
using EventFly.Messaging.Nats.JetStream;

namespace EventFly.Messaging.Nats;

/// <summary>Spans as OpenTelemetry's messaging conventions describe them.</summary>
internal static class NatsSpans
{
    /// <summary>A call to JetStream, only where it belongs to somebody's trace: background calls would be noise.</summary>
    public static Activity? Request(NatsServer server, string call)
    {
        if (Activity.Current is null || NatsTelemetry.Source.StartActivity("request", ActivityKind.Client) is not { } span)
        {
            return null;
        }

        var verb = string.Join('.', call.Split('.').Take(2));
        span.DisplayName = $"request $JS.API.{verb}";
        return Common(span, server, "request", "send", $"$JS.API.{call}");
    }

    /// <summary>Continues the trace of the work that announced it, which the envelope carries: the relay comes later.</summary>
    public static Activity? Publish(NatsServer server, Announcement announcement, string? traceparent)
    {
        if (!NatsTelemetry.Source.HasListeners())
        {
            return null;
        }

        var name = $"publish {Names.TypeOf(announcement.Subject)}";
        var span = ActivityContext.TryParse(traceparent, null, isRemote: true, out var parent)
            ? NatsTelemetry.Source.StartActivity(name, ActivityKind.Producer, parent)
            : NatsTelemetry.Source.StartActivity(name, ActivityKind.Producer);
        return span is null
            ? null
            : Common(span, server, "publish", "send", announcement.Subject)
                .SetTag("messaging.message.id", announcement.Id.ToString())
                .SetTag("messaging.message.body.size", announcement.Envelope.Length);
    }

    public static Activity? Process(NatsServer server, Subscription subscription, Delivery delivery, string? traceparent, string? messageId)
    {
        if (!NatsTelemetry.Source.HasListeners())
        {
            return null;
        }

        ActivityContext.TryParse(traceparent, null, isRemote: true, out var parent);
        var span = NatsTelemetry.Source.StartActivity($"process {Names.TypeOf(delivery.Subject)}", ActivityKind.Consumer, parent);
        return span is null
            ? null
            : Common(span, server, "process", "process", delivery.Subject)
                .SetTag("messaging.consumer.group.name", subscription.Listener)
                .SetTag("messaging.message.id", messageId)
                .SetTag("messaging.message.body.size", delivery.Data.Length)
                .SetTag("eventfly.attempt", delivery.Attempt);
    }

    public static void Failed(this Activity? span, string errorType, string? description = null) =>
        span?.SetTag("error.type", errorType).SetStatus(ActivityStatusCode.Error, description);

    /// <summary>The envelope's own trace context, without reading all of it.</summary>
    public static string? TraceparentOf(ReadOnlySpan<byte> envelope)
    {
        try
        {
            var json = new Utf8JsonReader(envelope);
            while (json.Read())
            {
                if (json.TokenType is JsonTokenType.PropertyName && json.CurrentDepth == 1)
                {
                    var found = json.ValueTextEquals("traceparent"u8);
                    json.Read();
                    if (found)
                    {
                        return json.TokenType is JsonTokenType.String ? json.GetString() : null;
                    }

                    json.Skip();
                }
            }
        }
        catch (JsonException)
        {
            // What is no envelope has no trace; the listener decides what becomes of it.
            return null;
        }

        return null;
    }

    private static Activity Common(Activity span, NatsServer server, string operation, string type, string destination) => span
        .SetTag("messaging.system", "nats")
        .SetTag("messaging.operation.name", operation)
        .SetTag("messaging.operation.type", type)
        .SetTag("messaging.destination.name", destination)
        .SetTag("server.address", server.Host)
        .SetTag("server.port", server.Port);
}
