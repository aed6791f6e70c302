using EventFly.Messaging.Nats.Client;
using EventFly.Messaging.Nats.JetStream;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventFly.Messaging.Nats;

/// <summary>Healthy when the server answers and has JetStream switched on.</summary>
internal sealed class NatsHealthCheck(INatsClient client, JetStreamApi streams) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await streams.Account(TimeSpan.FromSeconds(1), cancellationToken);
            return HealthCheckResult.Healthy($"Connected to NATS at {client.Server}.");
        }
        catch (NatsException failed)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, failed.Message);
        }
    }
}
