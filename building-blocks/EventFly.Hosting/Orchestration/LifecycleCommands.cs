namespace Aspire.Hosting.Orchestration;

/// <summary>Start, stop and restart, as the dashboard and tests know them.</summary>
internal static class LifecycleCommands
{
    private static readonly string[] _running = [KnownResourceStates.Running, KnownResourceStates.RuntimeUnhealthy];

    public static void Add(IResource resource, IReadOnlyDictionary<string, Workload> workloads)
    {
        Add("start", "Start", "Play", state => state is null || state == KnownResourceStates.NotStarted || KnownResourceStates.TerminalStates.Contains(state),
            (workload, cancellationToken) => workload.Start(cancellationToken));
        Add("stop", "Stop", "Stop", state => _running.Contains(state), (workload, cancellationToken) => workload.Stop(cancellationToken));
        Add("restart", "Restart", "ArrowCounterclockwise", state => _running.Contains(state),
            (workload, cancellationToken) => workload.Restart(cancellationToken));

        void Add(string name, string text, string icon, Func<string?, bool> isPossible, Func<Workload, CancellationToken, Task> execute) =>
            resource.Annotations.Add(new ResourceCommandAnnotation(
                name, text,
                context => isPossible(context.ResourceSnapshot.State?.Text) ? ResourceCommandState.Enabled
                    : name == "restart" ? ResourceCommandState.Disabled : ResourceCommandState.Hidden,
                async context =>
                {
                    await execute(workloads[context.ResourceName], context.CancellationToken);
                    return CommandResults.Success();
                },
                displayDescription: null, parameter: null, confirmationMessage: null, icon, IconVariant.Filled, isHighlighted: name != "restart"));
    }
}
