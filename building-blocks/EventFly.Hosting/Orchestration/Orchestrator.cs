using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Starts the application: engine and dashboard's data source, then ports for everybody, then everybody in the order of their
/// <c>WaitFor</c>s. Stops it: projects first, so that they can say good-bye to what they use.
/// </summary>
internal sealed partial class Orchestrator(
    DcpServer engine, ResourceServiceHost resourceService, EndpointAllocator endpoints, WorkloadFactory factory, HealthMonitor health,
    DistributedApplicationModel model, DistributedApplicationOptions options, DashboardSettings dashboard,
    ResourceNotificationService notifications, IDistributedApplicationEventing eventing, IServiceProvider services,
    IHostApplicationLifetime lifetime, ILogger<DistributedApplication> logger) : IHostedService, IDisposable
{
    private const int WatchesThatMayFailInARow = 15;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, Workload> _workloads = new(StringComparer.Ordinal);
    private readonly List<Task> _background = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            Starting(logger);
            await eventing.PublishAsync(new BeforeStartEvent(services, model), cancellationToken);
            await StartEngine(cancellationToken);
            await endpoints.Allocate(cancellationToken);
            await Announce(cancellationToken);
            StartWorkloads();
            await eventing.PublishAsync(new AfterResourcesCreatedEvent(services, model), cancellationToken);
            Started(logger);
        }
        catch
        {
            await StopAsync(CancellationToken.None);
            throw;
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopping.IsCancellationRequested) return;
        Stopping(logger);
        await StopAll(_workloads.Values.Where(workload => workload.Resource is ProjectResource), cancellationToken);
        await StopAll(_workloads.Values.Where(workload => workload.Resource is not ProjectResource), cancellationToken);
        await _stopping.CancelAsync();
        await engine.Stop(cancellationToken);
        await resourceService.Stop(cancellationToken);
        await Task.WhenAll(_background).WaitAsync(cancellationToken)
            .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        foreach (var workload in _workloads.Values) workload.Dispose();
    }

    private async Task StartEngine(CancellationToken cancellationToken)
    {
        await Task.WhenAll(engine.Start(cancellationToken), options.DisableDashboard ? Task.CompletedTask : resourceService.Start(cancellationToken));
        if (!model.Resources.OfType<ContainerResource>().Any()) return;

        ProgramFallback.Choose(model.Resources, await DcpServer.Containers(engine.Bundle, cancellationToken));
        if (model.Resources.OfType<ContainerResource>().All(container => container.HasAnnotationOfType<RunsAsProgramAnnotation>())) return;
        var session = Path.GetFileName(engine.SessionFolder).Replace('.', '-');
        await engine.Client.Create(
            DcpKinds.Network, ContainerWorkload.Network, new NetworkSpec($"aspire-session-network-{session}", Ipv6: false), null, cancellationToken);
    }

    /// <summary>Shows everything as it is before the start, and tells who asked for ports and connection strings.</summary>
    private async Task Announce(CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources)
        {
            foreach (var instance in resource.Instances()) _workloads.Add(instance.Name, factory.Create(resource, instance));
            if (resource.RunsInTheEngine()) LifecycleCommands.Add(resource, _workloads);
            await Values.Publish(resource, notifications, cancellationToken);
            if (resource is IResourceWithEndpoints) await eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, services), cancellationToken);
            if (resource is IResourceWithConnectionString) await eventing.PublishAsync(new ConnectionStringAvailableEvent(resource, services), cancellationToken);
        }
    }

    private void StartWorkloads()
    {
        var stopping = _stopping.Token;
        Run(() => Watch(DcpKinds.Executable, (workload, process) => ((ExecutableWorkload)workload).Observe(process, stopping), stopping));
        if (_workloads.Values.OfType<ContainerWorkload>().Any())
        {
            Run(() => Watch(DcpKinds.Container, (workload, process) => ((ContainerWorkload)workload).Observe(process, stopping), stopping));
        }
        foreach (var workload in _workloads.Values)
        {
            if (workload.Resource.HasAnnotationOfType<ExplicitStartupAnnotation>())
            {
                Run(() => notifications.PublishUpdateAsync(workload.Resource, workload.Instance.Name, before => before with { State = KnownResourceStates.NotStarted }));
            }
            else
            {
                Run(() => workload.Start(stopping));
            }
        }
        foreach (var resource in model.Resources) Run(() => health.Watch(resource, stopping));
        if (!options.DisableDashboard) Run(() => AnnounceDashboard(stopping));
    }

    private async Task Watch<TSpec>(
        DcpKind<TSpec, ProcessStatus> kind, Func<Workload, DcpObject<TSpec, ProcessStatus>, Task> observe, CancellationToken cancellationToken)
    {
        for (var failed = 0; failed < WatchesThatMayFailInARow; failed++)
        {
            try
            {
                await foreach (var change in engine.Client.Watch(kind, cancellationToken))
                {
                    failed = 0;
                    if (change.Type != "DELETED" && _workloads.TryGetValue(change.Object.Metadata.Name, out var workload)) await observe(workload, change.Object);
                }
            }
            catch (Exception error) when (error is HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
            {
                // Tried again; the count says when the engine is gone for good.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
        EngineGone(logger);
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    private async Task AnnounceDashboard(CancellationToken cancellationToken)
    {
        await notifications.WaitForResourceHealthyAsync(DashboardSettings.ResourceName, WaitBehavior.WaitOnResourceUnavailable, cancellationToken);
        Dashboard(logger, dashboard.LoginUrl(model));
    }

    /// <summary>Nothing waits for these; what ends one of them unexpectedly is told and ends the application.</summary>
    private void Run(Func<Task> work) => _background.Add(Task.Run(async () =>
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The application ends.
        }
#pragma warning disable CA1031 // A fault of the machinery must not pass unseen.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Broken(logger, error);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }));

    private async Task StopAll(IEnumerable<Workload> workloads, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(workloads.Select(workload => workload.Stop(cancellationToken)));
        }
        catch (Exception error) when (error is OperationCanceledException or HttpRequestException or DistributedApplicationException)
        {
            // What does not stop when asked is ended with the engine.
            StillRunning(logger, error.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Distributed application starting.")]
    private static partial void Starting(ILogger logger);

    [LoggerMessage(LogLevel.Information, "Distributed application started. Press Ctrl+C to shut down.")]
    private static partial void Started(ILogger logger);

    [LoggerMessage(LogLevel.Information, "Distributed application stopping.")]
    private static partial void Stopping(ILogger logger);

    [LoggerMessage(LogLevel.Information, "Login to the dashboard at {Url}")]
    private static partial void Dashboard(ILogger logger, string url);

    [LoggerMessage(LogLevel.Critical, "The Aspire engine has gone; everything it started ends with it.")]
    private static partial void EngineGone(ILogger logger);

    [LoggerMessage(LogLevel.Critical, "The orchestration has failed; the application stops.")]
    private static partial void Broken(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Warning, "Not everything stopped when asked ({Reason}); the engine ends it.")]
    private static partial void StillRunning(ILogger logger, string reason);
}
