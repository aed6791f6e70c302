using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Lets a check that is registered with <c>builder.Services.AddHealthChecks()</c> say whether the resource is healthy.</summary>
    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key)
        where T : IResource
    {
        if (builder.Resource.Annotations.OfType<HealthCheckAnnotation>().Any(check => check.Key == key))
        {
            throw new DistributedApplicationException($"'{builder.Resource.Name}' has the health check '{key}' twice.");
        }
        return builder.WithAnnotation(new HealthCheckAnnotation(key));
    }

    /// <summary>The resource is healthy when it answers a GET with the status, within 5 s.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">Path to get; <c>/</c> if null.</param>
    /// <param name="statusCode">The status; 200 if null.</param>
    /// <param name="endpointName">The endpoint; its first HTTP endpoint if null.</param>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints =>
        builder.WithHttpHealthCheck(
            () => endpointName is null
                ? builder.Resource.GetEndpoints().FirstOrDefault(endpoint => endpoint.IsHttp || endpoint.IsHttps)
                    ?? throw new DistributedApplicationException($"'{builder.Resource.Name}' has a health check over HTTP, but no HTTP endpoint.")
                : builder.GetEndpoint(endpointName),
            path, statusCode);

    /// <summary>The resource is healthy when it answers a GET with the status, within 5 s.</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, Func<EndpointReference>? endpointSelector, string? path = null, int? statusCode = null)
        where T : IResourceWithEndpoints
    {
        if (endpointSelector is null) return builder.WithHttpHealthCheck(path, statusCode);
        var key = $"{builder.Resource.Name}_{path ?? "/"}_{statusCode ?? 200}_check";
        builder.ApplicationBuilder.AddCheck(key, new HttpAnswers(endpointSelector, path ?? "/", statusCode ?? 200));
        return builder.WithHealthCheck(key);
    }

    internal static string AddCheck(this IDistributedApplicationBuilder builder, string key, IHealthCheck check)
    {
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(key, check, failureStatus: null, tags: null));
        return key;
    }
}
