using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace EventFly.Messaging.Nats.Tests;

public sealed class RegistrationTests
{
    [Fact]
    public void A_missing_connection_string_is_named_in_one_sentence()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);

        var refusal = Assert.Throws<InvalidOperationException>(() => builder.AddNatsClient("nats"));

        Assert.Contains("ConnectionStrings:nats", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings__nats", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_malformed_connection_string_is_refused_at_once()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);

        var refusal = Assert.Throws<InvalidOperationException>(() =>
            builder.AddNatsClient("nats", settings => settings.ConnectionString = "amqp://u:hidden@h"));

        Assert.Contains("ConnectionStrings:nats", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_health_check_follows_the_server()
    {
        var nats = new NatsProgram();
        await nats.InitializeAsync();
        try
        {
            await using var host = new BusHost(nats.ConnectionString, settings => settings.ReconnectPatience = TimeSpan.FromMilliseconds(200));
            var health = host.Services.GetRequiredService<HealthCheckService>();
            Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Entries["nats"].Status);

            nats.Kill();
            await Eventually.True(async () => (await health.CheckHealthAsync()).Entries["nats"].Status is HealthStatus.Degraded, "it is degraded");

            await nats.Start();
            await Eventually.True(async () => (await health.CheckHealthAsync()).Entries["nats"].Status is HealthStatus.Healthy, "it is healthy again");
        }
        finally
        {
            await nats.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_server_without_jetstream_is_not_healthy()
    {
        var nats = new NatsProgram { JetStream = false };
        await nats.InitializeAsync();
        try
        {
            await using var host = new BusHost(nats.ConnectionString);

            var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

            Assert.Equal(HealthStatus.Degraded, report.Entries["nats"].Status);
        }
        finally
        {
            await nats.DisposeAsync();
        }
    }
}
