using System.Buffers;
using System.Globalization;
using System.Text;

namespace EventFly.Messaging.Nats.Client;

/// <summary>
/// Headers as they stand on the wire: a version line with an optional status, then <c>Name: value</c> lines.
/// https://docs.nats.io/reference/reference-protocols/nats-protocol
/// </summary>
internal sealed class NatsHeaders
{
    private static readonly SearchValues<char> Breaks = SearchValues.Create("\r\n\0");
    private readonly List<KeyValuePair<string, string>> lines = [];

    public int Status { get; private init; }

    /// <summary>What the server says beside the status; empty otherwise.</summary>
    public string Description { get; private init; } = "";

    public string? this[string name]
    {
        get
        {
            foreach (var line in lines)
            {
                if (string.Equals(line.Key, name, StringComparison.OrdinalIgnoreCase))
                {
                    return line.Value;
                }
            }

            return null;
        }
    }

    public static NatsHeaders Read(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || !lines[0].StartsWith("NATS/1.0", StringComparison.Ordinal))
        {
            throw new NatsException(NatsFailure.Protocol, "The server sent headers that do not start with NATS/1.0.");
        }

        var inline = lines[0].AsSpan("NATS/1.0".Length).Trim();
        var status = 0;
        if (inline.Length >= 3)
        {
            _ = int.TryParse(inline[..3], NumberStyles.None, CultureInfo.InvariantCulture, out status);
        }

        var headers = new NatsHeaders { Status = status, Description = inline.Length > 3 ? inline[3..].Trim().ToString() : "" };
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers.lines.Add(new(line[..colon], line[(colon + 1)..].Trim()));
            }
        }

        return headers;
    }

    /// <summary>A line break in a value would begin another header: it becomes a space.</summary>
    public NatsHeaders With(string name, string value)
    {
        lines.Add(new(name, value.AsSpan().ContainsAny(Breaks) ? value.Replace('\r', ' ').Replace('\n', ' ').Replace('\0', ' ') : value));
        return this;
    }

    public byte[] ToBytes()
    {
        var text = new StringBuilder("NATS/1.0\r\n", 128);
        foreach (var line in lines)
        {
            text.Append(line.Key).Append(": ").Append(line.Value).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("\r\n").ToString());
    }
}
