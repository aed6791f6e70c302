using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventFly.ServiceDefaults.Health;

/// <summary>Whether the store answers, asked through the port that every adapter has.</summary>
internal sealed class StorageHealth(IOutbox outbox) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var waiting = await outbox.Pending(cancellationToken);
            return HealthCheckResult.Healthy($"{waiting} announcements wait for the bus.");
        }
        catch (StorageUnavailableException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message, exception);
        }
    }
}
