using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using EventFly.Prove.Plan;
using Microsoft.Extensions.DependencyInjection;

namespace EventFly.Prove.Running;

/// <summary>
/// The whole system as <c>./eventfly run --ephemeral</c> starts it, with two copies of participants (two writers are what a version check is for)
/// and with everything that has a time to wait shortened, so that holds lapse while the run lasts.
/// </summary>
internal sealed class ThrowAwaySystem : IAsyncDisposable
{
    public static readonly IReadOnlyList<string> Services = ["auth", "organizations", "events", "participants", "payments"];

    private static readonly TimeSpan StartTakesAtMost = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan RecoveryTakesAtMost = TimeSpan.FromSeconds(90);

    private readonly DistributedApplication app;

    private ThrowAwaySystem(DistributedApplication app) => this.app = app;

    public Uri Gateway => app.GetEndpoint("gateway");

    public Uri Simulator => app.GetEndpoint("stripe-simulator");

    public static async Task<ThrowAwaySystem> Start(string? broken, CancellationToken cancellationToken)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.EventFly_AppHost>(["--ephemeral"], cancellationToken);
        foreach (var project in builder.Resources.OfType<ProjectResource>().ToList())
        {
            var described = builder.CreateResourceBuilder(project);
            foreach (var (name, value) in Settings(project.Name)) described.WithEnvironment(name, value);
            if (broken is not null) described.WithEnvironment("EVENTFLY_BREAK", broken);
            if (project.Name != "participants") continue;

            described.WithReplicas(2);
            // The engine listens and shares the connections out.
            foreach (var endpoint in project.Annotations.OfType<EndpointAnnotation>()) endpoint.IsProxied = true;
        }

        var system = new ThrowAwaySystem(await builder.BuildAsync(cancellationToken));
        try
        {
            await system.app.StartAsync(cancellationToken);
            await system.AwaitHealthy(StartTakesAtMost, cancellationToken);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public Task Recover(CancellationToken cancellationToken) => AwaitHealthy(RecoveryTakesAtMost, cancellationToken);

    public async Task<string> DatabaseFile(string service) =>
        (await app.GetConnectionStringAsync($"{service}-db"))!["sqlite:".Length..];

    public async Task<string> Nats() => (await app.GetConnectionStringAsync("nats"))!;

    /// <summary>Kills with signal 9, and starts again.</summary>
    /// <returns>How many processes it were.</returns>
    public async Task<int> Kill(Kill kill, CancellationToken cancellationToken)
    {
        var killed = kill.All
            ? await app.KillAsync(kill.Victim, cancellationToken)
            : [await app.KillCopyAsync(kill.Victim, cancellationToken)];
        await Task.Delay(kill.Away, cancellationToken);
        foreach (var copy in killed)
        {
            var started = await app.ResourceCommands.ExecuteCommandAsync(copy, "start", cancellationToken);
            if (!started.Success) throw new InvalidOperationException($"{copy} could not be started again: {started.Message}");
        }

        return killed.Count;
    }

    /// <summary>Everything that the processes said.</summary>
    public async Task KeepLogs(string folder)
    {
        var logs = app.Services.GetRequiredService<ResourceLoggerService>();
        foreach (var resource in app.Services.GetRequiredService<DistributedApplicationModel>().Resources)
        {
            await using var file = new StreamWriter(Path.Combine(folder, resource.Name + ".log"));
            await foreach (var lines in logs.GetAllAsync(resource))
            {
                foreach (var line in lines) await file.WriteLineAsync(line.Content);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task AwaitHealthy(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(atMost);
        foreach (var resource in app.Services.GetRequiredService<DistributedApplicationModel>().Resources)
        {
            try
            {
                await app.ResourceNotifications.WaitForResourceHealthyAsync(resource.Name, patience.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"'{resource.Name}' is not healthy after {atMost.TotalSeconds:0} s.");
            }
        }
    }

    private static IEnumerable<(string Name, string Value)> Settings(string service) => service switch
    {
        "participants" =>
        [
            ("Inventory__HoldTime", RunPlan.HoldTime.ToString("c")),
            ("Orders__SweepInterval", "00:00:01"),
            ("Messaging__RelayLease", "00:00:04"),
        ],
        "payments" =>
        [
            ("Payments__SweepEvery", "00:00:01"),
            ("Payments__SettleAfter", "00:00:03"),
            ("Payments__AskTimeout", "00:00:15"),
            ("Payments__LongestFlight", "00:00:25"),
            ("Messaging__RelayLease", "00:00:04"),
        ],
        "stripe-simulator" => [("Webhook__LongestRetryMs", "4000")],
        "gateway" => [],
        _ => [("Messaging__RelayLease", "00:00:04")],
    };
}
