using System.Text.Json;

namespace EventFly.Prove.Sweep;

/// <summary>Short words for reading what was stored.</summary>
internal static class JsonReading
{
    public static Guid Id(this JsonElement body, string name) => body.GetProperty(name).GetGuid();

    public static Guid? IdIfAny(this JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetGuid() : null;

    public static string Text(this JsonElement body, string name) => body.GetProperty(name).GetString()!;

    public static string? TextIfAny(this JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    public static long Number(this JsonElement body, string name) => body.GetProperty(name).GetInt64();

    public static DateTimeOffset Time(this JsonElement body, string name) => body.GetProperty(name).GetDateTimeOffset();

    public static IEnumerable<JsonElement> Items(this JsonElement body, string name) =>
        body.TryGetProperty(name, out var items) && items.ValueKind is JsonValueKind.Array ? items.EnumerateArray() : [];
}
