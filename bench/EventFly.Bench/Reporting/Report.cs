using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EventFly.Bench.Reporting;

/// <param name="Baseline">What it is compared with, measured in the same run.</param>
/// <param name="Processes">CPU as a share of one core, memory in MiB, by process.</param>
internal sealed record Line(
    string Scenario,
    double PerSecond,
    double P50,
    double P95,
    double P99,
    double Max,
    int Succeeded,
    int Failed,
    IReadOnlyDictionary<string, int> Failures,
    string? Baseline,
    IReadOnlyDictionary<string, Usage> Processes);

internal readonly record struct Usage(double Cpu, double MemoryMiB);

internal sealed record Budget(string Name, double Wanted, double Seen, bool AtLeast)
{
    public bool IsMet => AtLeast ? Seen >= Wanted : Seen <= Wanted;

    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Name}: {Seen:#,0.####} (wanted {(AtLeast ? "at least" : "at most")} {Wanted:#,0.####})");
}

internal sealed record Report(DateTimeOffset At, string Machine, IReadOnlyList<Line> Lines, IReadOnlyList<Budget> Budgets, IReadOnlyList<string> Checks)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public bool IsMet => Budgets.All(budget => budget.IsMet) && Checks.Count == 0;

    /// <summary>The last line of a run.</summary>
    public string Verdict => IsMet
        ? "all budgets met"
        : "not met: " + string.Join("; ", Budgets.Where(budget => !budget.IsMet).Select(budget => budget.Text).Concat(Checks));

    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        var name = At.ToString("yyyy-MM-dd-HHmmss", CultureInfo.InvariantCulture);
        File.WriteAllText(Path.Combine(folder, name + ".json"), JsonSerializer.Serialize(this, Json) + "\n");
        File.WriteAllText(Path.Combine(folder, name + ".md"), Table());
    }

    public string Table()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Bench {At:yyyy-MM-dd HH:mm} UTC\n\n{Machine}\n\n");
        text.Append("| scenario | per second | p50 ms | p95 ms | p99 ms | max ms | succeeded | failed | beside it |\n|---|---:|---:|---:|---:|---:|---:|---:|---|\n");
        foreach (var line in Lines)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {line.Scenario} | {line.PerSecond:#,0} | {line.P50:0.0} | {line.P95:0.0} | {line.P99:0.0} | {line.Max:0.0} | {line.Succeeded:#,0} | {line.Failed:#,0} | {line.Baseline} |\n");
        }

        text.Append("\nCPU in percent of one core, memory in MiB:\n\n| scenario | processes |\n|---|---|\n");
        foreach (var line in Lines.Where(line => line.Processes.Count > 0))
        {
            var processes = line.Processes.OrderByDescending(pair => pair.Value.Cpu)
                .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {100 * pair.Value.Cpu:0} % {pair.Value.MemoryMiB:0}"));
            text.Append(CultureInfo.InvariantCulture, $"| {line.Scenario} | {string.Join(", ", processes)} |\n");
        }

        text.Append('\n');
        foreach (var line in Lines.Where(line => line.Failures.Count > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"{line.Scenario} failed with {string.Join(", ", line.Failures.Select(pair => $"{pair.Key} ({pair.Value})"))}\n");
        }

        foreach (var budget in Budgets)
        {
            text.Append(budget.IsMet ? "met      " : "NOT MET  ").Append(budget.Text).Append('\n');
        }

        foreach (var check in Checks)
        {
            text.Append("WRONG    ").Append(check).Append('\n');
        }

        return text.ToString();
    }
}
