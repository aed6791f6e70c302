using EventFly.Bench.Load;
using EventFly.Bench.Reporting;
using EventFly.Bench.Running;

namespace EventFly.Bench.Scenarios;

/// <summary>What the scenarios have in common, and what they found.</summary>
internal sealed class Bench(TimeSpan warmUp, TimeSpan duration)
{
    private readonly List<Line> lines = [];
    private readonly List<Budget> budgets = [];
    private readonly List<string> checks = [];

    public TimeSpan WarmUp => warmUp;

    public TimeSpan Duration => duration;

    public void Add(string scenario, Measured measured, string? baseline = null, ProcessUsage? usage = null)
    {
        var line = new Line(
            scenario, measured.PerSecond, measured.Percentile(0.5), measured.Percentile(0.95), measured.Percentile(0.99), measured.Percentile(1),
            measured.Succeeded, measured.Failed, measured.Failures, baseline, usage?.SoFar() ?? []);
        lines.Add(line);
        Console.WriteLine($"{scenario}: {line.PerSecond:#,0}/s, p50 {line.P50:0.0}, p95 {line.P95:0.0}, p99 {line.P99:0.0}, max {line.Max:0.0} ms, {line.Failed} failed{(baseline is null ? "" : $" ({baseline})")}");
        if (line.Processes.Count > 0)
        {
            Console.WriteLine("    " + string.Join(", ", line.Processes.OrderByDescending(pair => pair.Value.Cpu).Select(pair => $"{pair.Key} {100 * pair.Value.Cpu:0} % {pair.Value.MemoryMiB:0} MiB")));
        }

        foreach (var (failure, count) in line.Failures)
        {
            Console.WriteLine($"    {count} x {failure}");
        }
    }

    public void AtLeast(string name, double wanted, double seen) => budgets.Add(new Budget(name, wanted, seen, AtLeast: true));

    public void AtMost(string name, double wanted, double seen) => budgets.Add(new Budget(name, wanted, seen, AtLeast: false));

    /// <summary>Something that must be so in every run.</summary>
    public void Check(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            Console.WriteLine($"WRONG: {otherwise}");
            checks.Add(otherwise);
        }
    }

    public Report Report(DateTimeOffset at, string machine) => new(at, machine, lines, budgets, checks);
}
