using EventFly.ServiceDefaults.Discovery;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace EventFly.Gateway.Routes;

/// <summary>Which services have a door: <c>/api/&lt;service&gt;/…</c> goes to the service of that name, path and body as they are.</summary>
internal static class ServiceRoutes
{
    public static readonly IReadOnlyList<string> Services = ["auth", "organizations", "events", "participants", "payments"];

    /// <summary>Longer than a service takes by its own limit (10 s), so that the service gets to say so itself.</summary>
    private const int AnswerSeconds = 12;

    public static void AddServiceRoutes(this IServiceCollection services, IConfiguration configuration) => services
        .AddReverseProxy()
        .LoadFromMemory([.. Services.Select(RouteTo)], [.. Services.Select(service => ClusterOf(service, configuration))])
        .ConfigureHttpClient(static (_, handler) =>
        {
            handler.ConnectTimeout = TimeSpan.FromSeconds(2);
            handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        });

    public static void MapServiceRoutes(this WebApplication app) => app.MapReverseProxy(static proxy =>
    {
        proxy.Use(SayWhyTheBodyStopped);
        proxy.UseLoadBalancing();
        proxy.UsePassiveHealthChecks();
    });

    /// <summary>
    /// The proxy calls every body that did not get through a bad request. It is one when this server stopped reading (too large, too slow); else the
    /// connection to the service broke under it, and the client may send it again.
    /// </summary>
    private static async Task SayWhyTheBodyStopped(HttpContext context, Func<Task> next)
    {
        await next();
        if (context.GetForwarderErrorFeature() is { Error: ForwarderError.RequestBodyClient } failure && !context.Response.HasStarted)
        {
            context.Response.StatusCode = Reasons(failure.Exception).OfType<BadHttpRequestException>().FirstOrDefault()?.StatusCode
                ?? StatusCodes.Status502BadGateway;
        }
    }

    private static IEnumerable<Exception> Reasons(Exception? failure) => failure switch
    {
        null => [],
        AggregateException many => many.InnerExceptions.SelectMany(Reasons),
        _ => Reasons(failure.InnerException).Prepend(failure),
    };

    private static RouteConfig RouteTo(string service) => new()
    {
        RouteId = service,
        ClusterId = service,
        Match = new RouteMatch { Path = $"/api/{service}/{{**rest}}" },
        // Who may call what is for the service to say.
        AuthorizationPolicy = "anonymous",
        // The cluster's activity time-out bounds it; no timer per request.
        TimeoutPolicy = "disable",
    };

    private static ClusterConfig ClusterOf(string service, IConfiguration configuration) => new()
    {
        ClusterId = service,
        LoadBalancingPolicy = "PowerOfTwoChoices",
        Destinations = configuration.AddressesOf(service)
            .Select((address, replica) => (Name: $"{service}-{replica}", Config: new DestinationConfig { Address = address.ToString() }))
            .ToDictionary(destination => destination.Name, destination => destination.Config, StringComparer.Ordinal),
        HttpRequest = new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromSeconds(configuration.GetValue("Gateway:AnswerSeconds", AnswerSeconds)) },
        HttpClient = new HttpClientConfig { MaxConnectionsPerServer = 512, EnableMultipleHttp2Connections = true },
        HealthCheck = new HealthCheckConfig
        {
            // When no replica seems well all are tried: a service that just came back must not wait for the next probe.
            AvailableDestinationsPolicy = "HealthyOrPanic",
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true, Interval = TimeSpan.FromSeconds(5), Timeout = TimeSpan.FromSeconds(2), Policy = "ConsecutiveFailures", Path = "/alive",
            },
            Passive = new PassiveHealthCheckConfig { Enabled = true, Policy = "TransportFailureRate", ReactivationPeriod = TimeSpan.FromSeconds(5) },
        },
    };
}
