using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>What all workloads use.</summary>
internal sealed class WorkloadFactory(
    DcpServer engine, ProcessPlanner planner, ResourceNotificationService notifications, ResourceLoggerService loggers,
    IDistributedApplicationEventing eventing, IServiceProvider services)
{
    public DcpServer Engine { get; } = engine;

    public ProcessPlanner Planner { get; } = planner;

    public ResourceNotificationService Notifications { get; } = notifications;

    public ResourceLoggerService Loggers { get; } = loggers;

    public IDistributedApplicationEventing Eventing { get; } = eventing;

    public IServiceProvider Services { get; } = services;

    public Workload Create(IResource resource, ResourceInstance instance) =>
        resource is ContainerResource container && !resource.HasAnnotationOfType<RunsAsProgramAnnotation>()
            ? new ContainerWorkload(this, container, instance)
            : new ExecutableWorkload(this, resource, instance);
}

/// <summary>One running copy of a resource: starts and stops it, and turns what the engine says into what everybody sees.</summary>
internal abstract partial class Workload(WorkloadFactory common, IResource resource, ResourceInstance instance) : IDisposable
{
    private static readonly TimeSpan _stopTakesAtMost = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly ILogger _log = common.Loggers.GetLogger(instance.Name);
    private bool _isMade;
    private string? _uid;
    private string? _forgotten;

    public IResource Resource { get; } = resource;

    public ResourceInstance Instance { get; } = instance;

    protected WorkloadFactory Common { get; } = common;

    protected abstract string TypeName { get; }

    /// <summary>Starts it as soon as everything it waits for is there.</summary>
    public async Task Start(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await AwaitDependencies(cancellationToken);
            await Common.Eventing.PublishAsync(new BeforeResourceStartedEvent(Resource, Common.Services), cancellationToken);
            if (_isMade)
            {
                // What the watch still has to say about the old process comes late, and must not pass for the new one's end.
                Volatile.Write(ref _forgotten, _uid);
                await Delete(cancellationToken);
            }
            await Publish(before => before with
            {
                State = KnownResourceStates.Starting, ExitCode = null, StartTimeStamp = null, StopTimeStamp = null,
                HealthReports = [.. before.HealthReports.Select(report => report with { Status = null, Description = null, ExceptionText = null })],
            });
            var plan = await Common.Planner.Plan(Resource, Instance, cancellationToken);
            await Publish(before => before with
            {
                Properties = [.. Properties(plan)],
                EnvironmentVariables = [.. plan.Environment.Select(variable => new EnvironmentVariableSnapshot(variable.Name, variable.Value, IsFromSpec: true))],
            });
            await Create(plan, Annotations(), cancellationToken);
            _isMade = true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever keeps it from starting is shown where people look for it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            CannotStart(_log, error.Message);
            await Publish(before => before with { State = new ResourceStateSnapshot(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error) });
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops it and returns when its process is gone; harmless if it does not run.</summary>
    public async Task Stop(CancellationToken cancellationToken)
    {
        if (!_isMade || HasEnded()) return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_stopTakesAtMost);
        await RequestStop(patience.Token);
        await Common.Notifications.WaitForResourceAsync(
            Instance.Name, change => ResourceNotificationService.HasEnded(change.Snapshot), patience.Token);
    }

    public async Task Restart(CancellationToken cancellationToken)
    {
        await Stop(cancellationToken);
        await Start(cancellationToken);
    }

    public void Dispose() => _turn.Dispose();

    protected abstract Task Create(ProcessPlan plan, Dictionary<string, string> annotations, CancellationToken cancellationToken);

    protected abstract Task Delete(CancellationToken cancellationToken);

    protected abstract Task RequestStop(CancellationToken cancellationToken);

    protected abstract IEnumerable<(string Source, IAsyncEnumerable<string> Lines)> Logs(CancellationToken cancellationToken);

    protected abstract IEnumerable<ResourcePropertySnapshot> Properties(ProcessPlan plan);

    protected abstract string StateOf(ProcessStatus status);

    /// <summary>The engine has something new to say about it.</summary>
    protected async Task Observe(DcpMetadata metadata, ProcessStatus? status, CancellationToken cancellationToken)
    {
        if (status?.State is not { Length: > 0 } || metadata.Uid == Volatile.Read(ref _forgotten)) return;
        if (metadata.Uid != _uid)
        {
            _uid = metadata.Uid;
            foreach (var (source, lines) in Logs(cancellationToken)) _ = Follow(source, lines, cancellationToken);
        }
        await Publish(before => Apply(before, status, StateOf(status)));
    }

    protected Task Publish(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        Common.Notifications.PublishUpdateAsync(Resource, Instance.Name, before => WithCommands(change(before) with { ResourceType = TypeName }));

    private static CustomResourceSnapshot Apply(CustomResourceSnapshot before, ProcessStatus status, string state)
    {
        var ended = KnownResourceStates.TerminalStates.Contains(state);
        var exitCode = ended && status.ExitCode is >= 0 and var code ? code : (int?)null;
        var style = state == KnownResourceStates.FailedToStart || exitCode is > 0 ? KnownResourceStateStyles.Error : null;
        var runs = state == KnownResourceStates.Running;
        return before with
        {
            State = new ResourceStateSnapshot(state, style),
            ExitCode = exitCode,
            StartTimeStamp = status.StartupTimestamp?.UtcDateTime,
            StopTimeStamp = status.FinishTimestamp?.UtcDateTime,
            Properties = Set(before.Properties, status),
            Urls = [.. before.Urls.Select(url => url with { IsInactive = !runs })],
            EnvironmentVariables = status.EffectiveEnv is { Count: > 0 } effective ? Merge(before.EnvironmentVariables, effective) : before.EnvironmentVariables,
            HealthReports = runs ? before.HealthReports : [.. before.HealthReports.Select(report => report with { Status = null })],
        };
    }

    private static ImmutableArray<ResourcePropertySnapshot> Set(ImmutableArray<ResourcePropertySnapshot> properties, ProcessStatus status)
    {
        var set = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (status.Pid is { } pid) set["executable.pid"] = pid;
        if (status.ContainerId is { } id) set["container.id"] = id;
        return [.. properties.Where(property => !set.ContainsKey(property.Name)), .. set.Select(item => new ResourcePropertySnapshot(item.Key, item.Value))];
    }

    private static ImmutableArray<EnvironmentVariableSnapshot> Merge(ImmutableArray<EnvironmentVariableSnapshot> known, List<DcpVariable> effective)
    {
        var ours = known.Where(variable => variable.IsFromSpec).Select(variable => variable.Name).ToHashSet(StringComparer.Ordinal);
        return [.. effective.Select(variable => new EnvironmentVariableSnapshot(variable.Name, variable.Value, ours.Contains(variable.Name)))];
    }

    private CustomResourceSnapshot WithCommands(CustomResourceSnapshot snapshot) => snapshot with
    {
        Commands = [.. Resource.Annotations.OfType<ResourceCommandAnnotation>().Select(command => new ResourceCommandSnapshot(
            command.Name, command.UpdateState(new() { ResourceSnapshot = snapshot, ServiceProvider = Common.Services }), command.DisplayName,
            command.DisplayDescription, null, command.ConfirmationMessage, command.IconName, command.IconVariant, command.IsHighlighted))],
    };

    private async Task AwaitDependencies(CancellationToken cancellationToken)
    {
        var waits = Resource.Annotations.OfType<WaitAnnotation>().ToList();
        if (waits.Count == 0) return;
        await Publish(before => before with { State = KnownResourceStates.Waiting });
        foreach (var wait in waits) Waiting(_log, wait.Resource.Name);
        await Common.Notifications.WaitForDependenciesAsync(Resource, cancellationToken);
        WaitedEnough(_log);
    }

    private Dictionary<string, string> Annotations()
    {
        var annotations = new Dictionary<string, string>
        {
            ["resource-name"] = Resource.Name,
            ["otel-service-name"] = Resource.Name,
            ["otel-service-instance-id"] = Instance.Suffix,
            ["resource-replica-count"] = Resource.GetReplicaCount().ToString(CultureInfo.InvariantCulture),
            ["resource-replica-index"] = Instance.Index.ToString(CultureInfo.InvariantCulture),
        };
        if (EndpointAllocator.ProducersOf(Resource) is { } producers)
        {
            annotations["service-producer"] = JsonSerializer.Serialize(producers, DcpClient.Json);
        }
        return annotations;
    }

    private async Task Follow(string source, IAsyncEnumerable<string> lines, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var line in lines.WithCancellation(cancellationToken))
            {
                Common.Loggers.Write(Instance.Name, source == "system" ? SystemLine(line) : line, source is "stderr" or "startup_stderr");
            }
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            // The object is gone (it is being started anew), or the application ends: there is nothing more to read.
        }
    }

    /// <summary>The engine's own remarks: time, level, component, message and details, with tabs between.</summary>
    private static string SystemLine(string line)
    {
        var parts = line.Split('\t');
        return parts.Length >= 4 ? $"{parts[0].Split(' ')[0]} [sys] {parts[3]}{(parts.Length > 4 ? $": {parts[4]}" : "")}" : line;
    }

    private bool HasEnded() =>
        Common.Notifications.TryGetCurrentState(Instance.Name, out var current) && ResourceNotificationService.HasEnded(current.Snapshot);

    [LoggerMessage(LogLevel.Information, "Waiting for '{Name}'.")]
    private static partial void Waiting(ILogger logger, string name);

    [LoggerMessage(LogLevel.Information, "Everything it waits for is there.")]
    private static partial void WaitedEnough(ILogger logger);

    [LoggerMessage(LogLevel.Error, "It cannot be started: {Reason}")]
    private static partial void CannotStart(ILogger logger, string reason);
}
