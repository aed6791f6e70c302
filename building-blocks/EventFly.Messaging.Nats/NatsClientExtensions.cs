using EventFly.BuildingBlocks.Messaging;
using EventFly.Messaging.Nats;
using EventFly.Messaging.Nats.Client;
using EventFly.Messaging.Nats.JetStream;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

#pragma warning disable IDE0130 // Where Aspire's client integrations live, so that a host finds it without a using.
namespace Microsoft.Extensions.Hosting;
#pragma warning restore IDE0130

/// <summary>Registers the bus, as Aspire's client integrations do.</summary>
public static class NatsClientExtensions
{
    /// <summary>
    /// Registers <see cref="IBus"/> and <see cref="IDeadLetters"/> over one NATS connection, and the health check <c>nats</c>
    /// (degraded while the bus is away). The connection is made when first used and kept for ever.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="connectionName">Key under <c>ConnectionStrings</c>, for example <c>nats</c>.</param>
    /// <param name="configureSettings">Changes the defaults.</param>
    /// <exception cref="InvalidOperationException">The connection string is missing or malformed.</exception>
    public static void AddNatsClient(
        this IHostApplicationBuilder builder, string connectionName, Action<NatsClientSettings>? configureSettings = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var settings = new NatsClientSettings
        {
            ConnectionString = builder.Configuration.GetConnectionString(connectionName),
            Name = builder.Environment.ApplicationName,
        };
        configureSettings?.Invoke(settings);
        if (string.IsNullOrWhiteSpace(settings.ConnectionString))
        {
            throw new InvalidOperationException(
                $"The NATS connection is not configured: set ConnectionStrings:{connectionName} (environment: ConnectionStrings__{connectionName}) to nats://host:port.");
        }

        try
        {
            NatsServer.Parse(settings.ConnectionString);
        }
        catch (FormatException malformed)
        {
            throw new InvalidOperationException($"ConnectionStrings:{connectionName}: {malformed.Message}", malformed);
        }

        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<INatsClient>(services =>
            new NatsClient(settings, services.GetRequiredService<ILoggerFactory>().CreateLogger("EventFly.Messaging.Nats")));
        builder.Services.AddSingleton(services => new JetStreamApi(
            services.GetRequiredService<INatsClient>(),
            settings,
            services.GetRequiredService<ILoggerFactory>().CreateLogger("EventFly.Messaging.Nats")));
        builder.Services.AddSingleton<NatsDeadLetters>();
        builder.Services.AddSingleton<IDeadLetters>(services => services.GetRequiredService<NatsDeadLetters>());
        builder.Services.AddSingleton<IBus, NatsBus>();
        if (!settings.DisableHealthChecks)
        {
            // Not unhealthy: what a service has to say waits in its outbox, so it can serve requests without the bus.
            builder.Services.AddHealthChecks().AddCheck<NatsHealthCheck>("nats", HealthStatus.Degraded, tags: ["ready"]);
        }
    }
}
