using System.Runtime.InteropServices;

namespace EventFly.Bench.Running;

/// <summary>One run from the start of the system to the verdict.</summary>
internal static class BenchRun
{
    private const int Accounts = 50;

    private const string Usage = """
        bench [--only <word>[,<word>…]] [--seconds <n>] [--out <folder>]
            --only      store, ungrouped (holds with a commit each, to compare with), holds, many, purchases, scans, pages (default: all)
            --seconds   how long each scenario is measured (default: 8)
            --out       where the results go (default: bench/results)
        """;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(6);

    public static async Task<int> Run(string[] args)
    {
        if (!TryRead(args, out var only, out var seconds, out var folder))
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        var at = TimeProvider.System.GetUtcNow();
        var bench = new Scenarios.Bench(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(seconds));
        using var limit = new CancellationTokenSource(Longest);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            await Measure(bench, Wants, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            bench.Check(false, $"the run was ended after {TimeProvider.System.GetUtcNow() - at:m\\:ss} minutes");
        }

        var report = bench.Report(at, $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {RuntimeInformation.OSDescription}, load from the same machine");
        report.Save(folder);
        Console.WriteLine();
        Console.WriteLine(report.Table());
        Console.WriteLine(report.Verdict);
        return report.IsMet ? 0 : 1;

        bool Wants(string scenario) => only.Length == 0 || only.Contains(scenario, StringComparer.Ordinal);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            limit.Cancel();
        }
    }

    private static async Task Measure(Scenarios.Bench bench, Func<string, bool> wants, CancellationToken cancellationToken)
    {
        if (wants("store"))
        {
            await Scenarios.Store.Run(bench, cancellationToken);
        }

        var withoutGroups = 0.0;
        if (wants("ungrouped"))
        {
            await On(groupCommit: false, async (system, stage, _) => withoutGroups = await Scenarios.Holds.WithoutGroups(bench, system, stage, cancellationToken), cancellationToken);
        }

        if (!((string[])["holds", "many", "purchases", "scans", "pages"]).Any(wants))
        {
            return;
        }

        await On(
            groupCommit: true,
            async (system, stage, api) =>
            {
                if (wants("pages"))
                {
                    await Scenarios.PageReads.Run(bench, system, stage, cancellationToken);
                }

                if (wants("purchases"))
                {
                    await Scenarios.Purchases.Run(bench, system, stage, cancellationToken);
                }

                if (wants("scans"))
                {
                    await Scenarios.Scans.Run(bench, system, stage, api, cancellationToken);
                }

                if (wants("holds"))
                {
                    await Scenarios.Holds.OnOneEvent(bench, system, stage, withoutGroups, cancellationToken);
                    await Scenarios.Holds.UntilSoldOut(bench, system, stage, cancellationToken);
                }

                if (wants("many"))
                {
                    await Scenarios.Holds.OnManyEvents(bench, system, stage, cancellationToken);
                }
            },
            cancellationToken);
    }

    private static async Task On(bool groupCommit, Func<ThrowAwaySystem, Stage, Api, Task> measure, CancellationToken cancellationToken)
    {
        Console.WriteLine($"Starting a throw-away system{(groupCommit ? "" : ", group commit off")}");
        await using var system = await ThrowAwaySystem.Start(groupCommit, cancellationToken);
        using var api = new Api(system.Gateway);
        var stage = new Stage(api);
        await stage.Open(Accounts, cancellationToken);
        await measure(system, stage, api);
    }

    private static bool TryRead(string[] args, out string[] only, out int seconds, out string folder)
    {
        (only, seconds, folder) = ([], 8, Path.Combine("bench", "results"));
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length)
            {
                return false;
            }

            switch (args[i])
            {
                case "--only":
                    only = args[i + 1].Split(',');
                    break;
                case "--seconds" when int.TryParse(args[i + 1], out seconds) && seconds is > 0 and <= 60:
                    break;
                case "--out":
                    folder = args[i + 1];
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
