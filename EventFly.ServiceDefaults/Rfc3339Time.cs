using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventFly.ServiceDefaults;

/// <summary>A point in time over HTTP: read with <c>Z</c> or an offset (without one it would mean this machine's zone), written in UTC with <c>Z</c>.</summary>
internal sealed class Rfc3339Time : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String && reader.TryGetDateTimeOffset(out var time) && HasOffset(reader.GetString())
            ? time
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value.UtcDateTime);

    private static bool HasOffset(string? text) =>
        text?.IndexOf('T', StringComparison.Ordinal) is > 0 and var time && (text[^1] == 'Z' || text.AsSpan(time).IndexOfAny('+', '-') > 0);
}
