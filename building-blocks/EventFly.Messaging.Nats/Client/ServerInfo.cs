using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventFly.Messaging.Nats.Client;

/// <summary>The part of the server's INFO that matters here.</summary>
internal sealed record ServerInfo(long MaxPayload = 1_048_576, bool Headers = false, bool TlsRequired = false, IReadOnlyList<string>? ConnectUrls = null)
{
    public static ServerInfo Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, WireJson.Default.ServerInfo)
        ?? throw new NatsException(NatsFailure.Protocol, "The server's INFO is empty.");
}

/// <summary>The first word of a client.</summary>
internal sealed record ConnectWords(
    string Name,
    string Version,
    string? User,
    string? Pass,
    string? AuthToken,
    string Lang = "csharp",
    bool Verbose = false,
    bool Pedantic = false,
    bool TlsRequired = false,
    bool Headers = true,
    bool NoResponders = true,
    bool Echo = true,
    int Protocol = 1)
{
    public override string ToString() => Name;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServerInfo))]
[JsonSerializable(typeof(ConnectWords))]
internal sealed partial class WireJson : JsonSerializerContext;
