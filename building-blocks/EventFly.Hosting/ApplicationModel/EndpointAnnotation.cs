using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A place where a resource listens.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private readonly TaskCompletionSource<AllocatedEndpoint> _allocated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _name;

    /// <summary>Describes the endpoint; the name defaults to the scheme, the scheme to the protocol.</summary>
    public EndpointAnnotation(
        ProtocolType protocol, string? uriScheme = null, string? transport = null, string? name = null,
        int? port = null, int? targetPort = null, bool? isExternal = null, bool? isProxied = null)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? (protocol == ProtocolType.Udp ? "udp" : "tcp");
        Transport = transport ?? (UriScheme is "http" or "https" ? "http" : UriScheme);
        _name = name;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied ?? true;
    }

    /// <summary>TCP or UDP; the engine's proxies carry TCP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>Unique in its resource.</summary>
    public string Name { get => _name ?? UriScheme; set => _name = value; }

    /// <summary>First part of the URL, such as <c>http</c>.</summary>
    public string UriScheme { get; set; }

    /// <summary>How to talk there, such as <c>http</c> or <c>http2</c>.</summary>
    public string Transport { get; set; }

    /// <summary>The port that others use; null takes a free one.</summary>
    public int? Port { get; set; }

    /// <summary>The port the process itself listens on; null takes a free one.</summary>
    public int? TargetPort { get; set; }

    /// <summary>Where the process listens.</summary>
    public string TargetHost { get; set; } = "localhost";

    /// <summary>Whether people outside the application use it.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether the engine listens in front of the process, which allows replicas; otherwise the process listens itself.</summary>
    public bool IsProxied { get; set; }

    /// <summary>Whether <c>WithReference</c> leaves it out.</summary>
    public bool ExcludeReferenceEndpoint { get; set; }

    /// <summary>Where it really is; null until the application has started. Can be set once.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => _allocated.Task.IsCompletedSuccessfully ? _allocated.Task.GetAwaiter().GetResult() : null;
        set => _allocated.TrySetResult(value ?? throw new ArgumentNullException(nameof(value)));
    }

    /// <summary>Name of the engine's object for a proxied endpoint.</summary>
    internal string? ServiceName { get; set; }

    internal Task<AllocatedEndpoint> Allocated(CancellationToken cancellationToken) => _allocated.Task.WaitAsync(cancellationToken);
}

/// <summary>Where an endpoint really is.</summary>
public class AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port, string? targetPortExpression = null)
{
    /// <summary>What was asked for.</summary>
    public EndpointAnnotation Endpoint { get; } = endpoint;

    /// <summary>Host name or address.</summary>
    public string Address { get; } = address;

    /// <summary>The port that others use.</summary>
    public int Port { get; } = port;

    /// <summary>What the engine replaces by the port that the process itself has to listen on.</summary>
    public string? TargetPortExpression { get; } = targetPortExpression;

    /// <summary>First part of the URL.</summary>
    public string UriScheme => Endpoint.UriScheme;

    /// <summary>Host and port.</summary>
    public string EndPointString => $"{Address}:{Port}";

    /// <summary>The URL.</summary>
    public string UriString => $"{UriScheme}://{EndPointString}";

    /// <inheritdoc />
    public override string ToString() => UriString;
}
