using System.Diagnostics;
using EventFly.Prove.Plan;
using EventFly.Prove.Running;
using EventFly.Prove.Rush;
using EventFly.Prove.Sweep;

namespace EventFly.Prove;

/// <summary>From a seed to a verdict.</summary>
internal static class ProveRun
{
    private const int RequestsAtOnce = 96;
    private const int LookingAtOnce = 48;

    /// <summary>Starts a system, sells, kills, waits for rest and sweeps. Returns every check with what it found.</summary>
    public static async Task<IReadOnlyList<Finding>> Run(ProveOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var plan = RunPlan.Of(options);
        await Report.PrintPlan(output, plan);
        var began = Stopwatch.GetTimestamp();

        await using var system = await ThrowAwaySystem.Start(options.Break, cancellationToken);
        using var wire = new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = RequestsAtOnce, AllowAutoRedirect = false };
        using var gateway = new HttpClient(wire, disposeHandler: false) { BaseAddress = system.Gateway, Timeout = Timeout.InfiniteTimeSpan };
        using var simulator = new HttpClient(wire, disposeHandler: false) { BaseAddress = system.Simulator };
        using var door = new Door(gateway, RequestsAtOnce);
        var opening = new Opening(door, plan.Shop, TimeProvider.System);
        var organizer = await opening.OpenSale(cancellationToken);
        await Tell("tickets are on sale");

        var told = new Told();
        using var entrance = new SemaphoreSlim(LookingAtOnce);
        var sale = new Sale(plan.Shop, door, entrance, simulator, await opening.SignUpBuyers(cancellationToken), organizer, told, TimeProvider.System);
        await Tell("the door opens");

        var rush = await new OnSale(plan, system, sale, simulator).Run(cancellationToken);
        await Tell("the last buyer has left");

        await system.Recover(cancellationToken);
        var unrest = await new AwaitRest(system, simulator).Run(cancellationToken);
        await Tell("all is at rest");

        var evidence = await new GatherEvidence(system, door, simulator).Run(plan.Shop, told, unrest, cancellationToken);
        var findings = Checks.All(evidence);
        await Report.PrintFigures(output, sale, rush, evidence);
        await Report.PrintFindings(output, findings);
        if (options.Keep is { } folder) await Keep(system, folder, findings);
        return findings;

        Task Tell(string what) => output.WriteLineAsync($"{Stopwatch.GetElapsedTime(began).TotalSeconds,6:0.0} s  {what}");
    }

    private static async Task Keep(ThrowAwaySystem system, string folder, IReadOnlyList<Finding> findings)
    {
        Directory.CreateDirectory(folder);
        await Report.Keep(folder, findings);
        await system.KeepLogs(folder);
        foreach (var service in ThrowAwaySystem.Services)
        {
            var file = await system.DatabaseFile(service);
            foreach (var part in (string[])["", "-wal"])
            {
                if (File.Exists(file + part)) File.Copy(file + part, Path.Combine(folder, Path.GetFileName(file) + part), overwrite: true);
            }
        }
    }
}
