using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventFly.Bench.Running;

/// <summary>The whole system as <c>./eventfly run --ephemeral</c> starts it, without the dashboard; it is gone with this object.</summary>
internal sealed class ThrowAwaySystem(DistributedApplication app) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public Uri Gateway { get; } = app.GetEndpoint("gateway");

    public Uri Simulator { get; } = app.GetEndpoint("stripe-simulator");

    /// <param name="groupCommit">Whether decisions on one stream share commits.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<ThrowAwaySystem> Start(bool groupCommit, CancellationToken cancellationToken)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.EventFly_AppHost>(["--ephemeral"], cancellationToken);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
        if (!groupCommit)
        {
            var participants = builder.Resources.OfType<ProjectResource>().Single(resource => resource.Name == "participants");
            builder.CreateResourceBuilder(participants).WithEnvironment("Streams__CommitLimit", "1");
        }

        var app = await builder.BuildAsync(cancellationToken);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            await app.StartAsync(patience.Token);
            foreach (var resource in app.Services.GetRequiredService<DistributedApplicationModel>().Resources)
            {
                await app.ResourceNotifications.WaitForResourceHealthyAsync(resource.Name, patience.Token);
            }

            return new ThrowAwaySystem(app);
        }
        catch
        {
            await Stop(app);
            throw;
        }
    }

    /// <summary>Measures what its processes, and this one, use from now on.</summary>
    public ProcessUsage Watch()
    {
        var processes = new Dictionary<string, int> { ["bench"] = Environment.ProcessId };
        foreach (var name in (string[])["gateway", "auth", "events", "participants", "payments", "stripe-simulator", "nats", "redis"])
        {
            if (app.GetProcessIds(name) is [var process, ..])
            {
                processes.Add(name, process);
            }
        }

        return new ProcessUsage(processes);
    }

    public async ValueTask DisposeAsync() => await Stop(app);

    private static async Task Stop(DistributedApplication app)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }
}
