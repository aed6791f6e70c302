using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Testing;

/// <summary>Ways into a running application.</summary>
public static class DistributedApplicationHostingTestingExtensions
{
    /// <summary>A client for an endpoint of a resource; its first HTTP endpoint unless another is named. A call takes 30 s at most.</summary>
    public static HttpClient CreateHttpClient(this DistributedApplication app, string resourceName, string? endpointName = null) =>
        new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = app.GetEndpoint(resourceName, endpointName), Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Where an endpoint of a resource is; its first HTTP endpoint, else its first, unless another is named.</summary>
    /// <exception cref="ArgumentException">There is no such endpoint.</exception>
    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        var endpoints = app.Find(resourceName) is IResourceWithEndpoints resource ? resource.GetEndpoints().ToList() : [];
        var endpoint = endpointName is null
            ? endpoints.FirstOrDefault(known => known.IsHttp) ?? endpoints.FirstOrDefault()
            : endpoints.FirstOrDefault(known => string.Equals(known.EndpointName, endpointName, StringComparison.OrdinalIgnoreCase));
        return endpoint is null
            ? throw new ArgumentException($"'{resourceName}' has no endpoint '{endpointName}'.", nameof(endpointName))
            : new Uri(endpoint.Url);
    }

    /// <summary>The connection string of a resource, as those that reference it get it.</summary>
    /// <exception cref="ArgumentException">The resource has none.</exception>
    public static ValueTask<string?> GetConnectionStringAsync(
        this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default) =>
        app.Find(resourceName) is IResourceWithConnectionString resource
            ? resource.GetConnectionStringAsync(cancellationToken)
            : throw new ArgumentException($"'{resourceName}' has no connection string.", nameof(resourceName));

    internal static IResource Find(this DistributedApplication app, string resourceName) =>
        app.Services.GetRequiredService<DistributedApplicationModel>().Resources.TryGetByName(resourceName, out var resource)
            ? resource
            : throw new ArgumentException($"There is no resource '{resourceName}'.", nameof(resourceName));
}
