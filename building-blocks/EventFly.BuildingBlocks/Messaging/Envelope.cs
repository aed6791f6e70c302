using System.Diagnostics;
using System.Text.Json;
using EventFly.Contracts;

namespace EventFly.BuildingBlocks.Messaging;

/// <summary>CloudEvents 1.0, JSON format, with the extensions <c>sequence</c> and <c>traceparent</c>.</summary>
/// <param name="Id">UUIDv7, unique per message.</param>
/// <param name="Source"><c>/eventfly/&lt;service&gt;</c>.</param>
/// <param name="Type"><c>eventfly.&lt;service&gt;.&lt;EventName&gt;</c>.</param>
/// <param name="Subject">The aggregate's id.</param>
/// <param name="Time">When it was decided, UTC.</param>
/// <param name="Sequence">Version of the aggregate after it; grows with each message about one aggregate.</param>
/// <param name="Data">The contract record.</param>
/// <param name="Traceparent">W3C trace context of the work that announced it.</param>
/// <param name="Specversion">Always 1.0.</param>
/// <param name="Datacontenttype">Always JSON.</param>
/// <remarks>https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md</remarks>
public sealed record Envelope(
    Guid Id,
    string Source,
    string Type,
    string Subject,
    DateTimeOffset Time,
    long Sequence,
    JsonElement Data,
    string? Traceparent = null,
    string Specversion = "1.0",
    string Datacontenttype = "application/json")
{
    /// <summary>A bus takes 1 MiB at most; the rest is left for its headers.</summary>
    public const int LargestBytes = 900 * 1024;

    /// <summary>Wraps a contract record for the outbox.</summary>
    /// <param name="message">A record of EventFly.Contracts.</param>
    /// <param name="aggregateId">Letters, digits and dashes only: it becomes part of the bus subject.</param>
    /// <param name="sequence">Version of the aggregate.</param>
    /// <param name="at">When it was decided.</param>
    /// <exception cref="InvalidOperationException">Larger than a bus takes: refused here, before it is committed and holds up all that follows.</exception>
    public static Announcement Wrap(object message, string aggregateId, long sequence, DateTimeOffset at)
    {
        var contract = ContractAttribute.Of(message.GetType());
        var id = Guid.CreateVersion7(at);
        var envelope = new Envelope(
            id,
            $"/eventfly/{contract.Speaker}",
            contract.Type,
            aggregateId,
            at,
            sequence,
            JsonSerializer.SerializeToElement(message, message.GetType(), EventFlyJson.Options),
            Activity.Current?.Id);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(envelope, EventFlyJson.Options);
        return bytes.Length <= LargestBytes
            ? new Announcement(id, $"{contract.Type}.{SubjectToken(aggregateId)}", bytes)
            : throw new InvalidOperationException($"{contract.Name} about {aggregateId} has {bytes.Length} bytes; a message has at most {LargestBytes}.");
    }

    /// <summary>Reads what <see cref="Wrap"/> wrote.</summary>
    /// <exception cref="JsonException">Not an envelope.</exception>
    public static Envelope Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<Envelope>(json, EventFlyJson.Options) ?? throw new JsonException("The envelope is null.");

    /// <summary>The contract record inside.</summary>
    /// <exception cref="JsonException">The data does not fit the contract.</exception>
    public object Message(Type contract) =>
        Data.Deserialize(contract, EventFlyJson.Options) ?? throw new JsonException($"The data of {Type} is null.");

    private static string SubjectToken(string aggregateId)
    {
        foreach (var character in aggregateId)
        {
            if (character is '.' or '*' or '>' or ' ' or '\t' or '\r' or '\n')
            {
                throw new ArgumentException("An aggregate id must be one token of a bus subject.", nameof(aggregateId));
            }
        }

        return aggregateId.Length > 0 ? aggregateId : throw new ArgumentException("An aggregate id must not be empty.", nameof(aggregateId));
    }
}
