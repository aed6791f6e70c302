using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EventFly.Testing;

/// <summary>Who may call what, read from a running service.</summary>
public static class EndpointAccess
{
    /// <summary>One line per endpoint under a path, sorted: <c>PUT /api/events/{id}: permission event.edit</c>.</summary>
    public static IReadOnlyList<string> TableOf(IServiceProvider services, string under = "api/") =>
    [
        .. services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText?.TrimStart('/').StartsWith(under, StringComparison.Ordinal) is true)
            .SelectMany(endpoint => Methods(endpoint).Select(method => $"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}: {AccessTo(endpoint)}"))
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"];

    private static string AccessTo(RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return "anybody";
        }

        var named = string.Join(" and ", endpoint.Metadata.GetOrderedMetadata<Access>().Select(access => access.To).Distinct());
        return named.Length > 0 ? named : "NOT SAID";
    }
}
