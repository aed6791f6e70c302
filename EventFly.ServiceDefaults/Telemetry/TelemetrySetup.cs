using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EventFly.ServiceDefaults.Telemetry;

internal static class TelemetrySetup
{
    private static readonly string[] Sources = ["Microsoft.AspNetCore", "System.Net.Http", "EventFly.*", "Yarp.ReverseProxy"];

    private static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Routing",
        "System.Net.Http", "System.Runtime", "EventFly.*",
    ];

    public static void AddTelemetry(this IHostApplicationBuilder builder, string service)
    {
        // Without it the server span has no tags at all; read when the host is built.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);

        var services = builder.Services;
        services.AddSingleton<PrometheusText>();
        // First of all hosted services, so that it starts before and is disposed after what it listens to.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, TelemetryProviders>());

        var telemetry = new TelemetryBuilder(services)
            .WithMetrics(metrics => metrics
                .AddMeter(Meters)
                .AddView(PromLintNames.Rename)
                .AddReader(provider => provider.GetRequiredService<PrometheusText>().Reader));

        // Where to, how and with which headers say the OTEL_EXPORTER_OTLP_… settings themselves; gRPC when they name no protocol.
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
        {
            // Spans that nobody takes would only cost.
            telemetry
                .WithTracing(tracing => tracing.AddSource(Sources).AddProcessor(new ProbeFilter()))
                .WithLogging(null, logs =>
                {
                    logs.IncludeScopes = true;
                    logs.IncludeFormattedMessage = true;
                })
                .UseOtlpExporter();
        }

        // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come after and win: the dashboard ties telemetry to a resource by them.
        void Describe(ResourceBuilder resource) => resource
            .AddService(service, serviceNamespace: "eventfly", serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}")
            .AddEnvironmentVariableDetector();
        services.ConfigureOpenTelemetryTracerProvider(provider => provider.ConfigureResource(Describe));
        services.ConfigureOpenTelemetryMeterProvider(provider => provider.ConfigureResource(Describe));
        services.ConfigureOpenTelemetryLoggerProvider(provider => provider.ConfigureResource(Describe));
    }

    private sealed class TelemetryBuilder(IServiceCollection services) : IOpenTelemetryBuilder
    {
        public IServiceCollection Services => services;
    }

    /// <summary>Builds the providers at start; the container disposes, and so flushes, them.</summary>
    private sealed class TelemetryProviders(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetService<TracerProvider>();
            services.GetService<MeterProvider>();
            services.GetService<LoggerProvider>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
