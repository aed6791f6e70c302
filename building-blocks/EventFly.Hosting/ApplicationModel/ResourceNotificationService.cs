using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>One running copy of a resource has changed.</summary>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Name of the running copy: the resource's name, for processes followed by a hyphen and eight letters.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>How it is now.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}

/// <summary>Knows the state of every resource and tells whoever watches.</summary>
/// <param name="options">Whether anybody may start a failed resource again.</param>
/// <param name="clock">Gives the creation time of resources.</param>
public class ResourceNotificationService(DistributedApplicationOptions options, TimeProvider clock)
{
    private const int EventsAWatcherMayLagBehind = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ResourceEvent> _latest = new(StringComparer.Ordinal);
    private readonly List<Channel<ResourceEvent>> _watchers = [];

    /// <summary>Changes the state of all running copies of a resource.</summary>
    public async Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        foreach (var id in resource.InstanceNames()) await PublishUpdateAsync(resource, id, stateFactory);
    }

    /// <summary>Changes the state of one running copy of a resource.</summary>
    public Task PublishUpdateAsync(
        IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        lock (_gate)
        {
            var before = _latest.TryGetValue(resourceId, out var known) ? known.Snapshot : Initial(resource);
            var after = stateFactory(before);
            if (known is not null && after == before) return Task.CompletedTask;

            var changed = new ResourceEvent(resource, resourceId, after);
            _latest[resourceId] = changed;
            foreach (var watcher in _watchers)
            {
                if (!watcher.Writer.TryWrite(changed)) watcher.Writer.TryComplete(new InvalidOperationException("The watcher is too slow."));
            }
        }
        return Task.CompletedTask;
    }

    /// <summary>How a running copy is now.</summary>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_gate) return _latest.TryGetValue(resourceId, out resourceEvent);
    }

    /// <summary>How everything is now, then every change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var changes = Channel.CreateBounded<ResourceEvent>(EventsAWatcherMayLagBehind);
        lock (_gate)
        {
            foreach (var known in _latest.Values) changes.Writer.TryWrite(known);
            _watchers.Add(changes);
        }
        try
        {
            await foreach (var change in changes.Reader.ReadAllAsync(cancellationToken)) yield return change;
        }
        finally
        {
            lock (_gate) _watchers.Remove(changes);
        }
    }

    /// <summary>Waits until a running copy of the resource is in the state; <c>Running</c> if none is named.</summary>
    public async Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        await WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits until a running copy of the resource is in one of the states, and says in which.</summary>
    public async Task<string> WaitForResourceAsync(
        string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var states = targetStates.ToHashSet(StringComparer.Ordinal);
        var found = await WaitForResourceAsync(
            resourceName, change => change.Snapshot.State is { } state && states.Contains(state.Text), cancellationToken);
        return found.Snapshot.State!.Text;
    }

    /// <summary>Waits until the predicate holds for a running copy of the resource.</summary>
    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        await foreach (var change in WatchAsync(cancellationToken))
        {
            var asked = string.Equals(change.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase)
                || string.Equals(change.ResourceId, resourceName, StringComparison.OrdinalIgnoreCase);
            if (asked && predicate(change)) return change;
        }
        throw new OperationCanceledException($"The application stopped before '{resourceName}' got there.");
    }

    /// <summary>Waits until a running copy of the resource is healthy.</summary>
    /// <exception cref="DistributedApplicationException">It has ended or could not start, and nobody can start it again.</exception>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, DefaultWaitBehavior, cancellationToken);

    /// <summary>Waits until a running copy of the resource is healthy.</summary>
    /// <exception cref="DistributedApplicationException">It has ended or could not start, and the behaviour is to stop then.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var change = await WaitForResourceAsync(
            resourceName,
            change => change.Snapshot.HealthStatus is HealthStatus.Healthy
                || (waitBehavior is WaitBehavior.StopOnResourceUnavailable && HasEnded(change.Snapshot)),
            cancellationToken);
        return change.Snapshot.HealthStatus is HealthStatus.Healthy
            ? change
            : throw new DistributedApplicationException($"'{resourceName}' is in the state {change.Snapshot.State?.Text} and will not become healthy.");
    }

    /// <summary>Waits for everything that the resource waits for.</summary>
    /// <exception cref="DistributedApplicationException">Something it waits for has failed.</exception>
    public Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken) =>
        Task.WhenAll(resource.Annotations.OfType<WaitAnnotation>().Select(wait => WaitForDependency(wait, cancellationToken)));

    internal WaitBehavior DefaultWaitBehavior =>
        options.DisableDashboard ? WaitBehavior.StopOnResourceUnavailable : WaitBehavior.WaitOnResourceUnavailable;

    /// <summary>All running copies as they are now.</summary>
    internal IReadOnlyList<ResourceEvent> Current()
    {
        lock (_gate) return [.. _latest.Values];
    }

    internal static bool HasEnded(CustomResourceSnapshot snapshot) =>
        snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text);

    private Task WaitForDependency(WaitAnnotation wait, CancellationToken cancellationToken) =>
        Task.WhenAll(wait.Resource.InstanceNames().Select(async id =>
        {
            var stop = (wait.WaitBehavior ?? DefaultWaitBehavior) is WaitBehavior.StopOnResourceUnavailable;
            var reached = await WaitForResourceAsync(
                id, change => Reached(wait, change.Snapshot) || (stop && HasEnded(change.Snapshot)), cancellationToken);
            if (!Reached(wait, reached.Snapshot))
            {
                throw new DistributedApplicationException(
                    $"'{wait.Resource.Name}', which it waits for, is in the state {reached.Snapshot.State?.Text}.");
            }
        }));

    private static bool Reached(WaitAnnotation wait, CustomResourceSnapshot snapshot) => wait.WaitType switch
    {
        WaitType.WaitUntilHealthy => snapshot.HealthStatus is HealthStatus.Healthy,
        WaitType.WaitUntilStarted => snapshot.State?.Text == KnownResourceStates.Running,
        _ => HasEnded(snapshot) && snapshot.ExitCode == wait.ExitCode,
    };

    private CustomResourceSnapshot Initial(IResource resource)
    {
        var given = resource.Annotations.OfType<ResourceSnapshotAnnotation>().LastOrDefault()?.InitialSnapshot
            ?? new CustomResourceSnapshot { ResourceType = resource.TypeName(), Properties = [] };
        var icon = resource.Annotations.OfType<ResourceIconAnnotation>().LastOrDefault();
        return given with
        {
            CreationTimeStamp = given.CreationTimeStamp ?? clock.GetUtcNow().UtcDateTime,
            IsHidden = given.IsHidden || resource.Annotations.OfType<HiddenAnnotation>().Any(),
            IconName = icon?.IconName ?? given.IconName,
            IconVariant = icon?.IconVariant ?? given.IconVariant,
            Relationships = [.. given.Relationships, .. resource.Relationships()],
            HealthReports = [.. resource.Annotations.OfType<HealthCheckAnnotation>()
                .Select(check => new HealthReportSnapshot(check.Key, null, null, null))],
        };
    }
}
