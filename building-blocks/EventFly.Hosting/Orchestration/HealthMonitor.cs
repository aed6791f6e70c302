using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Orchestration;

/// <summary>Asks the health checks of running resources: four times a second until they are healthy, then every 10 s.</summary>
internal sealed class HealthMonitor(
    HealthCheckService checks, ResourceNotificationService notifications, IDistributedApplicationEventing eventing,
    IServiceProvider services, TimeProvider clock)
{
    private static readonly TimeSpan _untilHealthy = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _whenHealthy = TimeSpan.FromSeconds(10);

    /// <summary>Watches one resource until the application ends.</summary>
    public async Task Watch(IResource resource, CancellationToken cancellationToken)
    {
        var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => check.Key).ToHashSet(StringComparer.Ordinal);
        while (true)
        {
            await notifications.WaitForResourceAsync(resource.Name, change => Runs(change.Snapshot), cancellationToken);
            var ready = false;
            while (AnyRuns(resource))
            {
                var healthy = keys.Count == 0 || await Ask(resource, keys, cancellationToken);
                if (healthy && !ready)
                {
                    ready = true;
                    await eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken);
                }
                await Pause(resource, healthy ? _whenHealthy : _untilHealthy, cancellationToken);
            }
        }
    }

    private async Task<bool> Ask(IResource resource, HashSet<string> keys, CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(check => keys.Contains(check.Name), cancellationToken);
        var missing = keys.Where(key => !report.Entries.ContainsKey(key))
            .Select(key => new HealthReportSnapshot(key, HealthStatus.Unhealthy, "No check of that name is registered.", null));
        var now = clock.GetUtcNow().UtcDateTime;
        var said = report.Entries
            .Select(entry => new HealthReportSnapshot(entry.Key, entry.Value.Status, entry.Value.Description, entry.Value.Exception?.ToString()))
            .Concat(missing).Select(answer => answer with { LastRunAt = now }).ToList();
        foreach (var id in resource.InstanceNames())
        {
            await notifications.PublishUpdateAsync(
                resource, id, before => Runs(before) ? before with { HealthReports = [.. said] } : before);
        }
        return said.All(answer => answer.Status is HealthStatus.Healthy);
    }

    /// <summary>Waits, but not when the resource ends or has been started anew meanwhile.</summary>
    private async Task Pause(IResource resource, TimeSpan time, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var changed = notifications.WaitForResourceAsync(
            resource.Name,
            change => !AnyRuns(resource) || (Runs(change.Snapshot) && change.Snapshot.HealthReports.Any(answer => answer.Status is null)),
            enough.Token);
        await Task.WhenAny(Task.Delay(time, clock, enough.Token), changed);
        await enough.CancelAsync();
        await changed.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private bool AnyRuns(IResource resource) => resource.InstanceNames()
        .Any(id => notifications.TryGetCurrentState(id, out var current) && Runs(current.Snapshot));

    private static bool Runs(CustomResourceSnapshot snapshot) => snapshot.State?.Text == KnownResourceStates.Running;
}
