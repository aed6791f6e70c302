using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace EventFly.Prove.Running;

/// <summary>Asks the bus itself what it still has to deliver, in a few words of its protocol: what the product's own client says would be no proof.</summary>
internal static class Consumers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Messages that some listener has not taken yet, or not acknowledged.</summary>
    public static async Task<long> Pending(string natsUrl, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var server = new Uri(natsUrl);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.Host, server.Port, limit.Token);
        await using var wire = tcp.GetStream();
        using var reader = new StreamReader(wire, Encoding.Latin1, leaveOpen: true);
        await Say(wire, "CONNECT {\"verbose\":false,\"protocol\":1}\r\nSUB prove.answers 1\r\n", limit.Token);

        long pending = 0;
        var streams = await Ask(wire, reader, "$JS.API.STREAM.NAMES", limit.Token);
        foreach (var stream in streams.TryGetProperty("streams", out var names) && names.ValueKind is JsonValueKind.Array ? names.EnumerateArray().ToArray() : [])
        {
            var answer = await Ask(wire, reader, $"$JS.API.CONSUMER.LIST.{stream.GetString()}", limit.Token);
            foreach (var consumer in answer.GetProperty("consumers").EnumerateArray())
            {
                pending += consumer.GetProperty("num_pending").GetInt64() + consumer.GetProperty("num_ack_pending").GetInt64();
            }
        }

        return pending;
    }

    private static async Task<JsonElement> Ask(NetworkStream wire, StreamReader reader, string subject, CancellationToken cancellationToken)
    {
        await Say(wire, $"PUB {subject} prove.answers 0\r\n\r\n", cancellationToken);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line == "PING") await Say(wire, "PONG\r\n", cancellationToken);
            if (line.StartsWith("-ERR", StringComparison.Ordinal)) throw new IOException($"The bus says {line}.");
            if (!line.StartsWith("MSG ", StringComparison.Ordinal)) continue;

            var body = new char[int.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture)];
            await reader.ReadBlockAsync(body, cancellationToken);
            await reader.ReadLineAsync(cancellationToken);
            return JsonElement.Parse(new string(body));
        }

        throw new IOException("The bus hung up.");
    }

    private static ValueTask Say(NetworkStream wire, string words, CancellationToken cancellationToken) =>
        wire.WriteAsync(Encoding.ASCII.GetBytes(words), cancellationToken);
}
