using System.Globalization;
using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Http;
using EventFly.ServiceDefaults.Discovery;
using EventFly.ServiceDefaults.Health;
using EventFly.ServiceDefaults.OpenApi;
using EventFly.ServiceDefaults.Problems;
using EventFly.ServiceDefaults.Telemetry;
using EventFly.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace EventFly.ServiceDefaults;

/// <summary>
/// What every process gets. A service also calls <c>builder.Services.AddValidation()</c> in its own code: the framework generates validation
/// only into the project that has that call.
/// </summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Largest request body that an endpoint takes when it says nothing, in bytes.</summary>
    public const long MaxRequestBody = 256 * 1024;

    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(5);

    public static IHostApplicationBuilder AddServiceDefaults(this IHostApplicationBuilder builder, string service)
    {
        QuietFrameworks(builder.Configuration);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new ServiceName(service));
        services.Configure<JsonOptions>(json =>
        {
            EventFlyJson.Apply(json.SerializerOptions);
            RequiredMembers.Demand(json.SerializerOptions);
            json.SerializerOptions.Converters.Add(new Rfc3339Time());
        });
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBody;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTime);
        services.AddSingleton<AccessIsSaid>();
        services.AddHostedService(provider => provider.GetRequiredService<AccessIsSaid>());
        builder.AddTelemetry(service);
        builder.AddHealth();
        builder.AddProblems();
        builder.AddTokenCheck();
        builder.AddDiscovery();
        builder.AddApiDescription(service);
        return builder;
    }

    /// <summary>The middleware in the right order. Call it before the routes are mapped.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        app.UseServerSpans();
        app.UseProblems();
        app.UseRouting();
        // After routing, else a route cannot say that it takes its own time.
        app.UseRequestTimeouts();
        app.UseUnmatched();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRequestLimits();
        app.UseIdempotencyKeys();
        return app;
    }

    /// <summary><c>/health</c> (ready), <c>/alive</c>, <c>/metrics</c> and <c>/openapi/v1.json</c>.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.Services.GetRequiredService<AccessIsSaid>().Routes = app;
        app.MapHealth();
        app.MapMetrics();
        app.MapApiDescription();
        return app;
    }

    /// <summary>A line per request and per outgoing call drowns what we say ourselves. Every other configuration source wins over this one.</summary>
    private static void QuietFrameworks(IConfigurationManager configuration) => configuration.Sources.Insert(0, new MemoryConfigurationSource
    {
        InitialData = new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Information",
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
            ["Logging:LogLevel:System.Net.Http.HttpClient"] = "Warning",
            ["Logging:LogLevel:Yarp"] = "Warning",
            // The framework's base class says each 401 and 403; the span has the status.
            ["Logging:LogLevel:EventFly.ServiceDefaults.Tokens.TokenHandler"] = "Warning",
            // A line with a stack per failed probe; health says it in a word.
            ["Logging:LogLevel:Yarp.ReverseProxy.Health"] = "Error",
        },
    });

    internal static string RequiredConnectionString(this IHostApplicationBuilder builder, string name) =>
        builder.Configuration.GetConnectionString(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"The connection string {name} is missing. Set ConnectionStrings__{name}."));
}

/// <summary>The service that this process is, as the others know it: <c>participants</c>.</summary>
public sealed record ServiceName(string Value);
