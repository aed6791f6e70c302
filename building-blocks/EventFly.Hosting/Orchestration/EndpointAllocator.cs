using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Orchestration;

/// <summary>Gives every endpoint its port before anything starts, so that everybody can be told where everybody else is.</summary>
internal sealed class EndpointAllocator(DcpServer engine, DistributedApplicationModel model)
{
    private static readonly TimeSpan _takesAtMost = TimeSpan.FromSeconds(15);

    /// <exception cref="DistributedApplicationException">A port is taken; the message says which.</exception>
    public async Task Allocate(CancellationToken cancellationToken)
    {
        var endpoints = model.Resources.Where(resource => resource.RunsInTheEngine()).OfType<IResourceWithEndpoints>()
            .SelectMany(resource => resource.GetEndpoints()).ToList();
        foreach (var endpoint in endpoints) RefuseTakenPort(endpoint);

        AllocateDirect([.. endpoints.Where(endpoint => !IsProxied(endpoint))]);

        var proxied = endpoints.Where(IsProxied).ToDictionary(NameService, StringComparer.Ordinal);
        await Task.WhenAll(proxied.Select(named => CreateService(named.Key, named.Value, cancellationToken)));
        await AwaitPorts(proxied, cancellationToken);
    }

    /// <summary>What stands behind the services of a resource; null if none of its endpoints has one.</summary>
    public static List<ServiceProducer>? ProducersOf(IResource resource)
    {
        var producers = resource.Annotations.OfType<EndpointAnnotation>()
            .Where(endpoint => endpoint.ServiceName is not null)
            .Select(endpoint => new ServiceProducer(endpoint.ServiceName!, "localhost", endpoint.TargetPort)).ToList();
        return producers.Count > 0 ? producers : null;
    }

    private static bool IsProxied(EndpointReference endpoint) =>
        endpoint.EndpointAnnotation.IsProxied && !endpoint.Resource.HasAnnotationOfType<RunsAsProgramAnnotation>();

    private static string NameService(EndpointReference endpoint)
    {
        var several = endpoint.Resource.GetEndpoints().Count() > 1;
        return endpoint.EndpointAnnotation.ServiceName = several ? $"{endpoint.Resource.Name}-{endpoint.EndpointName}" : endpoint.Resource.Name;
    }

    private static void RefuseTakenPort(EndpointReference endpoint)
    {
        if (endpoint.EndpointAnnotation.Port is not { } port) return;
        if (endpoint.EndpointAnnotation.TargetPort == port && IsProxied(endpoint) && endpoint.Resource is not ContainerResource)
        {
            throw new DistributedApplicationException(
                $"Endpoint '{endpoint.EndpointName}' of '{endpoint.Resource.Name}' has port and target port {port}, but both the engine and the process would have to listen there.");
        }
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
        }
        catch (SocketException error)
        {
            throw new DistributedApplicationException(
                $"Port {port}, which endpoint '{endpoint.EndpointName}' of '{endpoint.Resource.Name}' wants, cannot be used: {error.Message}.", error);
        }
    }

    /// <summary>The process listens itself. All free ports are held until each has its own.</summary>
    private static void AllocateDirect(IReadOnlyList<EndpointReference> endpoints)
    {
        var held = new List<TcpListener>();
        var promised = endpoints.Select(endpoint => endpoint.EndpointAnnotation.Port).OfType<int>().ToHashSet();
        try
        {
            foreach (var endpoint in endpoints)
            {
                var annotation = endpoint.EndpointAnnotation;
                var asProgram = endpoint.Resource.HasAnnotationOfType<RunsAsProgramAnnotation>();
                var port = annotation.Port ?? (asProgram ? null : annotation.TargetPort) ?? FreePort(held, promised);
                annotation.AllocatedEndpoint = new AllocatedEndpoint(
                    annotation, asProgram ? "127.0.0.1" : annotation.TargetHost, port, port.ToString(CultureInfo.InvariantCulture));
            }
        }
        finally
        {
            foreach (var listener in held) listener.Dispose();
        }
    }

    /// <summary>Below the range that systems take for outgoing connections, so that none takes it while its process is down for a restart.</summary>
    private static int FreePort(List<TcpListener> held, HashSet<int> promised)
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            if (promised.Contains(port)) continue;
            var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                held.Add(listener);
                return port;
            }
            catch (SocketException)
            {
                // Taken; there are thousands more.
                listener.Dispose();
            }
        }
    }

    private Task CreateService(string name, EndpointReference endpoint, CancellationToken cancellationToken) => engine.Client.Create(
        DcpKinds.Service, name, new ServiceSpec("TCP", "Localhost", "localhost", endpoint.EndpointAnnotation.Port),
        new() { ["resource-name"] = endpoint.Resource.Name, ["endpoint-name"] = endpoint.EndpointName }, cancellationToken);

    private async Task AwaitPorts(Dictionary<string, EndpointReference> endpoints, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_takesAtMost);
        var open = new Dictionary<string, EndpointReference>(endpoints, StringComparer.Ordinal);
        try
        {
            while (open.Count > 0)
            {
                foreach (var service in await engine.Client.List(DcpKinds.Service, patience.Token))
                {
                    if (service.Status is not { EffectivePort: > 0 and var port } || !open.Remove(service.Metadata.Name, out var endpoint)) continue;
                    var annotation = endpoint.EndpointAnnotation;
                    // The port expression is the engine's own template; it fills it in when it starts the process.
                    var target = annotation.TargetPort?.ToString(CultureInfo.InvariantCulture)
                        ?? $$$"""{{- portForServing "{{{service.Metadata.Name}}}" -}}""";
                    annotation.AllocatedEndpoint = new AllocatedEndpoint(annotation, "localhost", port, target);
                }
                if (open.Count > 0) await Task.Delay(30, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The engine says nothing when a port is in use; it just never gives it.
            throw new DistributedApplicationException("The Aspire engine gives no port to "
                + string.Join(", ", open.Values.Select(endpoint => $"'{endpoint.Resource.Name}' ({endpoint.EndpointAnnotation.Port?.ToString(CultureInfo.InvariantCulture) ?? "any"})"))
                + "; is another program using it?");
        }
    }
}
