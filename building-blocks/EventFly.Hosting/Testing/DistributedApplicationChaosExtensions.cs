using System.Diagnostics;

namespace Aspire.Hosting.Testing;

/// <summary>Ways to hurt a running application, for tests of what it survives. The original has none of these.</summary>
public static class DistributedApplicationChaosExtensions
{
    /// <summary>Process ids of the running copies of a resource.</summary>
    public static IReadOnlyList<int> GetProcessIds(this DistributedApplication app, string resourceName) =>
        [.. app.Running(resourceName).Select(copy => copy.ProcessId)];

    /// <summary>
    /// Ends all running copies of a resource at once, as <c>kill -9</c> does, and returns when the application has noticed.
    /// The command <c>start</c> brings the resource back, under the same address.
    /// </summary>
    /// <returns>Names of the copies that ran.</returns>
    /// <exception cref="InvalidOperationException">None runs.</exception>
    public static Task<IReadOnlyList<string>> KillAsync(this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default) =>
        app.KillAsync(resourceName, app.Running(resourceName), cancellationToken);

    /// <summary>The same for one of the running copies; the others go on.</summary>
    /// <returns>Its name, under which <see cref="ResourceCommandService"/> starts it again.</returns>
    /// <exception cref="InvalidOperationException">None runs.</exception>
    public static async Task<string> KillCopyAsync(this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default) =>
        (await app.KillAsync(resourceName, [.. app.Running(resourceName).Take(1)], cancellationToken))[0];

    /// <summary>Executes <c>start</c>, <c>stop</c>, <c>restart</c> or a command of its own on a resource.</summary>
    /// <exception cref="InvalidOperationException">The command did not succeed; the message says why.</exception>
    public static async Task CommandAsync(
        this DistributedApplication app, string resourceName, string command, CancellationToken cancellationToken = default)
    {
        var result = await app.ResourceCommands.ExecuteCommandAsync(app.Find(resourceName), command, cancellationToken);
        if (!result.Success) throw new InvalidOperationException($"'{command}' of '{resourceName}': {result.Message}");
    }

    private static List<(string Name, int ProcessId)> Running(this DistributedApplication app, string resourceName) =>
    [
        .. app.Find(resourceName).InstanceNames()
            .Select(id => (id, app.ResourceNotifications.TryGetCurrentState(id, out var current) ? current.Snapshot : null))
            .Where(copy => copy.Item2?.State?.Text == KnownResourceStates.Running)
            .Select(copy => (copy.id, copy.Item2!.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value))
            .Where(copy => copy.Value is int)
            .Select(copy => (copy.id, (int)copy.Value!)),
    ];

    private static async Task<IReadOnlyList<string>> KillAsync(
        this DistributedApplication app, string resourceName, List<(string Name, int ProcessId)> copies, CancellationToken cancellationToken)
    {
        if (copies.Count == 0) throw new InvalidOperationException($"'{resourceName}' does not run.");
        foreach (var (_, pid) in copies)
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        foreach (var (name, _) in copies)
        {
            await app.ResourceNotifications.WaitForResourceAsync(
                name, change => KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text ?? ""), cancellationToken);
        }
        return [.. copies.Select(copy => copy.Name)];
    }
}
