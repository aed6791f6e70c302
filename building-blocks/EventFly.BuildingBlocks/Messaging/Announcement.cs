namespace EventFly.BuildingBlocks.Messaging;

/// <summary>A message ready for the bus, stored in the same commit as what it announces.</summary>
/// <param name="Id">UUIDv7; the bus recognises a repetition by it.</param>
/// <param name="Subject"><c>eventfly.&lt;service&gt;.&lt;EventName&gt;.&lt;aggregate id&gt;</c>.</param>
/// <param name="Envelope">CloudEvents 1.0 in JSON, UTF-8: see <see cref="Messaging.Envelope"/>.</param>
public sealed record Announcement(Guid Id, string Subject, ReadOnlyMemory<byte> Envelope);
