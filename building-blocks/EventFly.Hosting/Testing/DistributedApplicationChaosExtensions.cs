using System.Diagnostics;

namespace Aspire.Hosting.Testing;

/// <summary>Ways to hurt a running application, for tests of what it survives. The original has none of these.</summary>
public static class DistributedApplicationChaosExtensions
{
    /// <summary>Process ids of the running copies of a resource.</summary>
    public static IReadOnlyList<int> GetProcessIds(this DistributedApplication app, string resourceName) =>
    [
        .. app.Find(resourceName).InstanceNames()
            .Select(id => app.ResourceNotifications.TryGetCurrentState(id, out var current) ? current.Snapshot : null)
            .Where(snapshot => snapshot?.State?.Text == KnownResourceStates.Running)
            .Select(snapshot => snapshot!.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value)
            .OfType<int>(),
    ];

    /// <summary>
    /// Ends all running copies of a resource at once, as <c>kill -9</c> does, and returns when the application has noticed.
    /// The command <c>start</c> brings the resource back, under the same address.
    /// </summary>
    /// <exception cref="InvalidOperationException">None runs.</exception>
    public static async Task KillAsync(this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default)
    {
        var pids = app.GetProcessIds(resourceName);
        if (pids.Count == 0) throw new InvalidOperationException($"'{resourceName}' does not run.");
        foreach (var pid in pids)
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        foreach (var id in app.Find(resourceName).InstanceNames())
        {
            await app.ResourceNotifications.WaitForResourceAsync(
                id, change => KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text ?? ""), cancellationToken);
        }
    }

    /// <summary>Executes <c>start</c>, <c>stop</c>, <c>restart</c> or a command of its own on a resource.</summary>
    /// <exception cref="InvalidOperationException">The command did not succeed; the message says why.</exception>
    public static async Task CommandAsync(
        this DistributedApplication app, string resourceName, string command, CancellationToken cancellationToken = default)
    {
        var result = await app.ResourceCommands.ExecuteCommandAsync(app.Find(resourceName), command, cancellationToken);
        if (!result.Success) throw new InvalidOperationException($"'{command}' of '{resourceName}': {result.Message}");
    }
}
