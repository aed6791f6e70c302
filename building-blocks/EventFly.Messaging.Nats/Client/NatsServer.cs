using System.Globalization;

namespace EventFly.Messaging.Nats.Client;

/// <summary>One server of a connect string.</summary>
internal sealed record NatsServer(string Host, int Port, bool Tls, NatsCredentials? Credentials)
{
    public const int DefaultPort = 4222;

    /// <summary>Reads <c>nats://[user:password@|token@]host[:port][,…]</c>.</summary>
    /// <exception cref="FormatException">With a sentence that does not repeat the text: it may hold a password.</exception>
    public static IReadOnlyList<NatsServer> Parse(string connectionString)
    {
        var servers = new List<NatsServer>();
        foreach (var part in connectionString.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var server = One(part);
            servers.Add(server.Credentials is null && servers.Count > 0 ? server with { Credentials = servers[0].Credentials } : server);
        }

        return servers.Count > 0 ? servers : throw Malformed("it is empty");
    }

    /// <summary>A server that another one told of as <c>host:port</c>.</summary>
    public static NatsServer? Told(string address, NatsServer by)
    {
        var colon = address.LastIndexOf(':');
        return colon > 0 && int.TryParse(address.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var port)
            ? new NatsServer(address[..colon].Trim('[', ']'), port, by.Tls, by.Credentials)
            : null;
    }

    public bool SameAddress(NatsServer other) => Port == other.Port && string.Equals(Host, other.Host, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => $"{Host}:{Port.ToString(CultureInfo.InvariantCulture)}";

    private static NatsServer One(string text)
    {
        if (!Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"nats://{text}", UriKind.Absolute, out var uri)
            || uri.Host.Length == 0)
        {
            throw Malformed("a server is not host:port");
        }

        if (uri.Scheme is not ("nats" or "tls"))
        {
            throw Malformed("its scheme is neither nats nor tls");
        }

        return new NatsServer(uri.IdnHost.Trim('[', ']'), uri.Port > 0 ? uri.Port : DefaultPort, uri.Scheme == "tls", NatsCredentials.Of(uri.UserInfo));
    }

    private static FormatException Malformed(string why) =>
        new($"The NATS connection string is not nats://[user:password@]host:port[,…]: {why}.");
}

internal sealed record NatsCredentials(string? User, string? Password, string? Token)
{
    public static NatsCredentials? Of(string userInfo)
    {
        if (userInfo.Length == 0)
        {
            return null;
        }

        var colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? new NatsCredentials(null, null, Uri.UnescapeDataString(userInfo))
            : new NatsCredentials(Uri.UnescapeDataString(userInfo[..colon]), Uri.UnescapeDataString(userInfo[(colon + 1)..]), null);
    }

    public override string ToString() => "***";
}
