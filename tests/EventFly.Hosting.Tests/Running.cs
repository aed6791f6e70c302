using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventFly.Hosting.Tests;

/// <summary>An application that a test describes, on the real engine and without the dashboard.</summary>
internal sealed class Running : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _giveUp = new(_patience);

    private Running(DistributedApplication app) => App = app;

    public DistributedApplication App { get; }

    /// <summary>Ends waits that would never end.</summary>
    public CancellationToken GiveUp => _giveUp.Token;

    public static async Task<Running> Start(Action<IDistributedApplicationTestingBuilder> describe)
    {
        var running = Build(describe);
        await running.App.StartAsync(running.GiveUp);
        return running;
    }

    public static Running Build(Action<IDistributedApplicationTestingBuilder> describe)
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.Services.AddLogging(logging => logging.ClearProviders());
        describe(builder);
        return new Running(builder.Build());
    }

    public Task<ResourceEvent> Becomes(string resource, Func<CustomResourceSnapshot, bool> how) =>
        App.ResourceNotifications.WaitForResourceAsync(resource, change => how(change.Snapshot), GiveUp);

    public Task<ResourceEvent> BecomesHealthy(string resource) => App.ResourceNotifications.WaitForResourceHealthyAsync(resource, GiveUp);

    /// <summary>Waits for a console line that has the text.</summary>
    public async Task<string> Prints(string resource, string text)
    {
        var logs = App.Services.GetRequiredService<ResourceLoggerService>();
        await foreach (var lines in logs.WatchAsync(App.Resource(resource)).WithCancellation(GiveUp))
        {
            if (lines.FirstOrDefault(line => line.Content.Contains(text, StringComparison.Ordinal)).Content is { } found) return found;
        }
        throw new InvalidOperationException($"'{resource}' never printed '{text}'.");
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        _giveUp.Dispose();
    }
}

internal static class Described
{
    public static IResource Resource(this DistributedApplication app, string name) =>
        app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(known => known.Name == name);

    /// <summary>A process that prints what the shell is told, and then stays.</summary>
    public static IResourceBuilder<ExecutableResource> AddShell(this IDistributedApplicationBuilder builder, string name, string script) =>
        builder.AddExecutable(name, "/bin/sh", "/tmp", "-c", script);
}
