using EventFly.Gateway.Routes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventFly.Gateway.Health;

/// <summary>Health of everything behind the door. Remembered for a moment, for everybody may ask the gateway and each answer asks all services.</summary>
internal sealed class ServiceHealth(string service, IHttpClientFactory clients, TimeProvider clock) : IHealthCheck, IDisposable
{
    public const string Client = "service-health";

    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim asking = new(1, 1);
    private HealthCheckResult last;
    private long askedAt;
    private bool hasAsked;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await asking.WaitAsync(cancellationToken);
        try
        {
            if (!hasAsked || clock.GetElapsedTime(askedAt) > Remembered)
            {
                last = await Ask(cancellationToken);
                (hasAsked, askedAt) = (true, clock.GetTimestamp());
            }

            return last;
        }
        finally
        {
            asking.Release();
        }
    }

    public void Dispose() => asking.Dispose();

    private async Task<HealthCheckResult> Ask(CancellationToken cancellationToken)
    {
        try
        {
            using var client = clients.CreateClient(Client);
            using var answer = await client.GetAsync(new Uri($"http://{service}/health"), cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                return HealthCheckResult.Unhealthy("It says that it is not ready.");
            }

            var word = await answer.Content.ReadFromJsonAsync<StatusWord>(cancellationToken);
            return word?.Status == "degraded" ? HealthCheckResult.Degraded("It works without something that it would like to have.") : HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or System.Text.Json.JsonException)
        {
            return HealthCheckResult.Unhealthy($"It does not answer: {exception.GetType().Name}.");
        }
    }

    private sealed record StatusWord(string Status);
}

internal static class ServicesHealth
{
    public static void AddServicesHealth(this IServiceCollection services)
    {
        services.AddHttpClient(ServiceHealth.Client, static client =>
        {
            client.Timeout = TimeSpan.FromSeconds(3);
            client.MaxResponseContentBufferSize = 64 * 1024;
        });
        var checks = services.AddHealthChecks();
        foreach (var service in ServiceRoutes.Services)
        {
            services.AddKeyedSingleton(service, (provider, _) => ActivatorUtilities.CreateInstance<ServiceHealth>(provider, service));
            checks.Add(new HealthCheckRegistration(service, provider => provider.GetRequiredKeyedService<ServiceHealth>(service), HealthStatus.Unhealthy, []));
        }
    }
}
