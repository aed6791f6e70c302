using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>Listens on loopback for the dashboard and shows it the application; whoever has no key is refused.</summary>
internal sealed class ResourceServiceHost(DashboardSettings settings, IServiceProvider services, ILoggerFactory loggers) : IAsyncDisposable
{
    private WebApplication? _server;

    public string Url { get; private set; } = "";

    public async Task Start(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "ResourceService" });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            // Streams are idle for hours.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxConcurrentConnections = 100;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        _server = builder.Build();
        _server.Use(RequireKey);
        _server.UseRouting();
        ActivatorUtilities.CreateInstance<ResourceService>(services).Map(_server);
        await _server.StartAsync(cancellationToken);
        Url = _server.Urls.First();
    }

    public async Task Stop(CancellationToken cancellationToken)
    {
        if (_server is not null) await _server.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    private Task RequireKey(HttpContext http, RequestDelegate next)
    {
        var presented = Encoding.UTF8.GetBytes(http.Request.Headers["x-resource-service-api-key"].ToString());
        return CryptographicOperations.FixedTimeEquals(presented, Encoding.UTF8.GetBytes(settings.ResourceServiceKey))
            ? next(http)
            : GrpcCall.Handle(http, _ => Task.FromResult(GrpcStatus.Unauthenticated));
    }
}
