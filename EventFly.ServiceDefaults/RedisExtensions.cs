using EventFly.ServiceDefaults.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace EventFly.ServiceDefaults;

public static class RedisExtensions
{
    /// <summary>Adds <see cref="RedisClient"/> by its connection string's name, with health, spans and metrics. Connects when first used.</summary>
    /// <exception cref="InvalidOperationException">The connection string is missing.</exception>
    public static IHostApplicationBuilder AddRedisClient(this IHostApplicationBuilder builder, string name)
    {
        var connectionString = builder.RequiredConnectionString(name);
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<RedisClient>(services, connectionString));
        builder.Services.AddHealthChecks().AddCheck<RedisHealth>(name, HealthStatus.Degraded, tags: [], timeout: TimeSpan.FromSeconds(2));
        return builder;
    }
}
