using Microsoft.Extensions.DependencyInjection;

namespace EventFly.EndToEnd.Tests;

/// <summary>The whole system as <c>./eventfly run --ephemeral</c> starts it, without the dashboard. Start it once for many tests.</summary>
public sealed class RunningEventFly : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    private DistributedApplication? _app;

    /// <summary>What it is started with.</summary>
    public string[] Arguments { get; init; } = ["--ephemeral"];

    /// <summary>The engine's folder for this run; every process of the run has its path among its variables.</summary>
    public string SessionFolder { get; private set; } = "";

    public DistributedApplication App => _app ?? throw new InvalidOperationException("It has not been started.");

    public async ValueTask InitializeAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.EventFly_AppHost>(Arguments);
        SessionFolder = builder.Configuration["Dcp:SessionFolder"]!;
        _app = await builder.BuildAsync();
        await _app.StartAsync();
        await AwaitHealthy();
    }

    /// <summary>Waits until every resource is healthy.</summary>
    public async Task AwaitHealthy()
    {
        using var patience = new CancellationTokenSource(_patience);
        foreach (var resource in App.Services.GetRequiredService<DistributedApplicationModel>().Resources)
        {
            await App.ResourceNotifications.WaitForResourceHealthyAsync(resource.Name, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is null) return;
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
