using System.Buffers;
using System.Globalization;
using System.Net;

namespace EventFly.Storage.MongoDb.Client;

/// <summary>Where a server listens.</summary>
internal readonly record struct HostAddress(string Host, int Port)
{
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <exception cref="FormatException">Not a host with an optional port.</exception>
    public static HostAddress Parse(string text)
    {
        if (text.Length == 0)
        {
            throw new FormatException("it names no host");
        }

        string host, rest;
        if (text[0] == '[')
        {
            var end = text.IndexOf(']');
            if (end < 0 || !IPAddress.TryParse(text[1..end], out _))
            {
                throw new FormatException("a host in brackets is no IPv6 address");
            }

            (host, rest) = (text[1..end], text[(end + 1)..]);
        }
        else
        {
            var colon = text.IndexOf(':');
            (host, rest) = colon < 0 ? (text, "") : (text[..colon], text[colon..]);
        }

        if (host.Contains('/') || host.Contains("%2F", StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException("Unix sockets are not supported");
        }

        host = Uri.UnescapeDataString(host);
        if (host.Length == 0 || host.Any(character => char.IsWhiteSpace(character) || character is '@' or '/' or '?' or '#'))
        {
            throw new FormatException("a host is no name of a host");
        }

        var port = 27017;
        if (rest.Length > 0 && (rest[0] != ':' || !int.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
        {
            throw new FormatException("a port is no number from 1 to 65535");
        }

        // Host names are compared without regard to case.
        return new HostAddress(host.ToLowerInvariant(), port);
    }
}

/// <summary>
/// A connection string, strictly read: what is unknown, twice or contradictory is refused, because an option that is skipped without a word may be the one that
/// protects the data. https://github.com/mongodb/specifications/blob/master/source/connection-string/connection-string-spec.md
/// </summary>
internal sealed record MongoUri
{
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("/\\ \"$.\0");

    private MongoUri()
    {
    }

    public bool IsSrv { get; private init; }

    public IReadOnlyList<HostAddress> Hosts { get; init; } = [];

    public string? User { get; private init; }

    public string? Password { get; private init; }

    public string? Database { get; private init; }

    public string AuthSource { get; init; } = "admin";

    public string? ReplicaSet { get; init; }

    public bool? DirectConnection { get; private init; }

    public string AppName { get; private init; } = "eventfly";

    public bool Tls { get; private init; }

    public string? TlsCaFile { get; private init; }

    public string? TlsCertificateKeyFile { get; private init; }

    public string? TlsCertificateKeyFilePassword { get; private init; }

    public bool TlsAllowInvalidCertificates { get; private init; }

    public bool TlsAllowInvalidHostnames { get; private init; }

    public int MaxPoolSize { get; private init; } = 100;

    public int MinPoolSize { get; private init; }

    public int MaxConnecting { get; private init; } = 4;

    public TimeSpan MaxIdleTime { get; private init; } = TimeSpan.FromMinutes(10);

    public TimeSpan WaitQueueTimeout { get; private init; } = TimeSpan.FromSeconds(10);

    public TimeSpan ConnectTimeout { get; private init; } = TimeSpan.FromSeconds(5);

    public TimeSpan SocketTimeout { get; private init; } = TimeSpan.FromSeconds(15);

    public TimeSpan ServerSelectionTimeout { get; private init; } = TimeSpan.FromSeconds(15);

    public TimeSpan Heartbeat { get; private init; } = TimeSpan.FromSeconds(10);

    public bool RetryWrites { get; private init; } = true;

    public bool RetryReads { get; private init; } = true;

    public string ReadConcern { get; private init; } = "majority";

    /// <summary>A number of members, or <c>majority</c>.</summary>
    public string WriteConcern { get; private init; } = "majority";

    public TimeSpan WriteTimeout { get; private init; } = TimeSpan.FromSeconds(10);

    public bool? Journal { get; private init; }

    public string SrvService { get; private init; } = "mongodb";

    public int SrvMaxHosts { get; private init; }

    /// <exception cref="FormatException">Not such a string; the message says why and repeats nothing secret.</exception>
    public static MongoUri Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            return Read(text);
        }
        catch (FormatException wrong)
        {
            throw new FormatException($"The MongoDB connection string cannot be used: {wrong.Message}.");
        }
    }

    /// <summary>The same server, another database.</summary>
    public MongoUri With(IEnumerable<HostAddress> hosts, IReadOnlyDictionary<string, string> options)
    {
        foreach (var name in options.Keys)
        {
            if (name.ToLowerInvariant() is not ("authsource" or "replicaset"))
            {
                throw new FormatException($"The TXT record of its DNS name sets {name}, which it must not.");
            }
        }

        return this with
        {
            Hosts = [.. hosts],
            AuthSource = SaysAuthSource ? AuthSource : options.GetValueOrDefault("authSource") ?? AuthSource,
            ReplicaSet = ReplicaSet ?? options.GetValueOrDefault("replicaSet"),
        };
    }

    private bool SaysAuthSource { get; init; }

    /// <summary>Without credentials.</summary>
    public override string ToString() => $"{(IsSrv ? "mongodb+srv" : "mongodb")}://{string.Join(',', Hosts)}/{Database}";

    public static IEnumerable<KeyValuePair<string, string>> Options(string query)
    {
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=');
            if (equals <= 0)
            {
                throw new FormatException("an option has no value");
            }

            yield return new(part[..equals], Unescape(part[(equals + 1)..]));
        }
    }

    private static MongoUri Read(string text)
    {
        var isSrv = text.StartsWith("mongodb+srv://", StringComparison.Ordinal);
        if (!isSrv && !text.StartsWith("mongodb://", StringComparison.Ordinal))
        {
            throw new FormatException("it begins neither with mongodb:// nor with mongodb+srv://");
        }

        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var question = rest.IndexOf('?');
        var query = question < 0 ? "" : rest[(question + 1)..];
        rest = question < 0 ? rest : rest[..question];

        string? user = null, password = null;
        var at = rest.LastIndexOf('@');
        if (at >= 0)
        {
            var credentials = rest[..at];
            rest = rest[(at + 1)..];
            var colon = credentials.IndexOf(':');
            user = colon < 0 ? credentials : credentials[..colon];
            password = colon < 0 ? null : credentials[(colon + 1)..];
            if (user.Length == 0)
            {
                throw new FormatException("the user is empty");
            }

            if (user.AsSpan().ContainsAny("@:/[]") || password?.AsSpan().ContainsAny("@:/[]") == true)
            {
                throw new FormatException("user and password must be percent-encoded");
            }

            (user, password) = (Unescape(user), password is null ? null : Unescape(password));
        }

        var slash = rest.IndexOf('/');
        var database = slash < 0 || slash == rest.Length - 1 ? null : Unescape(rest[(slash + 1)..]);
        var hosts = (slash < 0 ? rest : rest[..slash]).Split(',').Select(HostAddress.Parse).ToArray();
        if (database is not null && database.AsSpan().ContainsAny(NotInNames))
        {
            throw new FormatException("the database's name has a character that none may have");
        }

        if (hosts.Distinct().Count() != hosts.Length)
        {
            throw new FormatException("a host is named twice");
        }

        if (isSrv && (hosts.Length != 1 || slash >= 0 && rest[..slash].Contains(':') || slash < 0 && rest.Contains(':')))
        {
            throw new FormatException("mongodb+srv:// takes exactly one name and no port");
        }

        if (isSrv && hosts[0].Host.Split('.').Length < 3)
        {
            throw new FormatException("the name after mongodb+srv:// has fewer than three parts");
        }

        var options = ReadOptions(query);
        var read = new MongoUri { IsSrv = isSrv, Hosts = hosts, User = user, Password = password, Database = database, Tls = isSrv };
        read = Apply(read, options);
        return Check(read, options);
    }

    private static Dictionary<string, string> ReadOptions(string query)
    {
        var options = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Options(query))
        {
            if (value.Length == 0)
            {
                throw new FormatException($"the option {name} is empty");
            }

            if (!options.TryAdd(name, value))
            {
                throw new FormatException($"the option {name} stands there twice");
            }
        }

        return options;
    }

    private static MongoUri Apply(MongoUri uri, Dictionary<string, string> options)
    {
        foreach (var (name, value) in options)
        {
            uri = name.ToLowerInvariant() switch
            {
                "appname" => uri with { AppName = value.Length <= 128 ? value : throw Wrong(name, "text of at most 128 characters") },
                "authsource" => uri with { AuthSource = value, SaysAuthSource = true },
                "authmechanism" => value is "SCRAM-SHA-256" ? uri : throw Wrong(name, "SCRAM-SHA-256, the only one known here"),
                "connecttimeoutms" => uri with { ConnectTimeout = Time(name, value) },
                "directconnection" => uri with { DirectConnection = Bool(name, value) },
                "heartbeatfrequencyms" => uri with { Heartbeat = Time(name, value, 500) },
                "journal" => uri with { Journal = Bool(name, value) },
                "loadbalanced" => Bool(name, value) ? throw Wrong(name, "false: load balancers are not supported") : uri,
                "localthresholdms" => Time(name, value) >= TimeSpan.Zero ? uri : uri,
                "maxconnecting" => uri with { MaxConnecting = Number(name, value, 1) },
                "maxidletimems" => uri with { MaxIdleTime = Time(name, value, 0) is { Ticks: > 0 } idle ? idle : Timeout.InfiniteTimeSpan },
                "maxpoolsize" => uri with { MaxPoolSize = Number(name, value, 1) },
                "minpoolsize" => uri with { MinPoolSize = Number(name, value, 0) },
                "readconcernlevel" => uri with { ReadConcern = value is "local" or "majority" or "linearizable" ? value : throw Wrong(name, "local, majority or linearizable") },
                "readpreference" => value is "primary" ? uri : throw Wrong(name, "primary: another member may not have what was just acknowledged"),
                "replicaset" => uri with { ReplicaSet = value },
                "retryreads" => uri with { RetryReads = Bool(name, value) },
                "retrywrites" => uri with { RetryWrites = Bool(name, value) },
                "serverselectiontimeoutms" => uri with { ServerSelectionTimeout = Time(name, value) },
                "sockettimeoutms" => uri with { SocketTimeout = Time(name, value) },
                "srvmaxhosts" => uri with { SrvMaxHosts = Number(name, value, 0) },
                "srvservicename" => uri with { SrvService = value },
                "ssl" or "tls" => uri with { Tls = Bool(name, value) },
                "tlsallowinvalidcertificates" => uri with { TlsAllowInvalidCertificates = Bool(name, value) },
                "tlsallowinvalidhostnames" => uri with { TlsAllowInvalidHostnames = Bool(name, value) },
                "tlscafile" => uri with { TlsCaFile = value },
                "tlscertificatekeyfile" => uri with { TlsCertificateKeyFile = value },
                "tlscertificatekeyfilepassword" => uri with { TlsCertificateKeyFilePassword = value },
                "tlsinsecure" => Bool(name, value) ? uri with { TlsAllowInvalidCertificates = true, TlsAllowInvalidHostnames = true } : uri,
                "w" => uri with { WriteConcern = value == "majority" ? value : Number(name, value, 1).ToString(CultureInfo.InvariantCulture) },
                "waitqueuetimeoutms" => uri with { WaitQueueTimeout = Time(name, value) },
                "wtimeoutms" => uri with { WriteTimeout = Time(name, value) },
                _ => throw new FormatException($"the option {name} is not known"),
            };
        }

        return uri;
    }

    private static MongoUri Check(MongoUri uri, Dictionary<string, string> options)
    {
        if (options.TryGetValue("tls", out var tls) && options.TryGetValue("ssl", out var ssl) && tls != ssl)
        {
            throw new FormatException("tls and ssl contradict each other");
        }

        if (options.ContainsKey("tlsInsecure") && (options.ContainsKey("tlsAllowInvalidCertificates") || options.ContainsKey("tlsAllowInvalidHostnames")))
        {
            throw new FormatException("tlsInsecure stands beside an option that it stands for");
        }

        if (!uri.Tls && options.Keys.FirstOrDefault(name => name.StartsWith("tls", StringComparison.OrdinalIgnoreCase) && name.Length > 3) is { } orphan)
        {
            throw new FormatException($"the option {orphan} needs tls=true");
        }

        if (uri.DirectConnection == true && (uri.IsSrv || uri.Hosts.Count > 1))
        {
            throw new FormatException("directConnection takes exactly one host");
        }

        if (uri.MinPoolSize > uri.MaxPoolSize)
        {
            throw new FormatException("minPoolSize is larger than maxPoolSize");
        }

        if (!uri.IsSrv && (options.ContainsKey("srvMaxHosts") || options.ContainsKey("srvServiceName")))
        {
            throw new FormatException("srvMaxHosts and srvServiceName need mongodb+srv://");
        }

        if (uri.SrvMaxHosts > 0 && uri.ReplicaSet is not null)
        {
            throw new FormatException("srvMaxHosts and replicaSet exclude each other");
        }

        if (options.ContainsKey("authMechanism") && uri.User is null)
        {
            throw new FormatException("authMechanism needs a user");
        }

        if (uri.User is not null && uri.Password is null)
        {
            throw new FormatException("the user has no password");
        }

        // A user lives in the database that the string names, unless it says otherwise.
        return uri.SaysAuthSource || uri.Database is null || uri.User is null ? uri : uri with { AuthSource = uri.Database };
    }

    private static FormatException Wrong(string name, string wanted) => new($"the option {name} takes {wanted}");

    private static bool Bool(string name, string value) => value switch
    {
        "true" => true,
        "false" => false,
        _ => throw Wrong(name, "true or false"),
    };

    private static int Number(string name, string value, int atLeast) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= atLeast
            ? number
            : throw Wrong(name, $"a whole number from {atLeast}");

    private static TimeSpan Time(string name, string value, int atLeast = 1) => TimeSpan.FromMilliseconds(Number(name, value, atLeast));

    private static string Unescape(string text)
    {
        for (var i = text.IndexOf('%'); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
            {
                throw new FormatException("a percent sign is not followed by two hexadecimal digits");
            }
        }

        return Uri.UnescapeDataString(text);
    }
}
