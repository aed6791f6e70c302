using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventFly.ServiceDefaults.Redis;

/// <summary>Degraded at worst: services keep selling without Redis.</summary>
internal sealed class RedisHealth(RedisClient redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await redis.Ping(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (RedisUnavailableException)
        {
            return HealthCheckResult.Degraded("Redis does not answer; limits and revocations are those of this process.");
        }
    }
}
