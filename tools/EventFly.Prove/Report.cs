using System.Globalization;
using EventFly.Prove.Plan;
using EventFly.Prove.Rush;
using EventFly.Prove.Sweep;

namespace EventFly.Prove;

/// <summary>What a person reads.</summary>
internal static class Report
{
    private const int Shown = 5;

    public static async Task PrintPlan(TextWriter to, RunPlan plan)
    {
        await to.WriteLineAsync(Say(
            $"seed {plan.Options.Seed}: {plan.Buyers.Count} buyers come for {plan.Options.Tickets} tickets of {plan.Shop.Types.Count} types in {plan.Shop.Quotas.Count} quotas within {plan.Length.TotalSeconds:0} s; {plan.Kills.Count} kills"));
        if (plan.Options.Break is { } protection) await to.WriteLineAsync(Say($"The protection '{protection}' is taken away: what follows must find differences."));
    }

    public static async Task PrintFigures(TextWriter to, Sale sale, RushFigures rush, Evidence evidence)
    {
        await to.WriteLineAsync();
        await to.WriteLineAsync(Say(
            $"{sale.Door.Requests} requests in {rush.Took.TotalSeconds:0.0} s ({sale.Door.SentAgain} of them sent again); {evidence.Participants.Count + evidence.Payments.Count} events; {evidence.Processor.Count(moved => moved.Kind is "charge")} charges, {evidence.Processor.Count(moved => moved.Kind is "refund")} refunds"));
        await to.WriteLineAsync(Say($"killed with -9: {string.Join(", ", rush.Killed.Select(kill => kill.Processes > 1 ? $"{kill.Victim} (all {kill.Processes})" : kill.Victim))}"));
        await to.WriteLineAsync("what became of the buyers:");
        foreach (var (outcome, buyers) in sale.Told.Outcomes) await to.WriteLineAsync(Say($"  {buyers,7}  {outcome}"));
    }

    public static async Task PrintFindings(TextWriter to, IReadOnlyList<Finding> findings)
    {
        var width = findings.Max(finding => finding.Check.Length);
        await to.WriteLineAsync();
        await to.WriteLineAsync(Say($"{"check".PadRight(width)}  {"counted",9}  {"differences",11}"));
        foreach (var finding in findings) await to.WriteLineAsync(Say($"{finding.Check.PadRight(width)}  {finding.Counted,9}  {finding.Differences.Count,11}"));
        await to.WriteLineAsync();
        foreach (var finding in findings.Where(finding => finding.Differences.Count > 0))
        {
            await to.WriteLineAsync(Say($"{finding.Check}:"));
            foreach (var difference in finding.Differences.Take(Shown)) await to.WriteLineAsync($"  {difference}");
            if (finding.Differences.Count > Shown) await to.WriteLineAsync(Say($"  and {finding.Differences.Count - Shown} more"));
        }
    }

    public static async Task Keep(string folder, IReadOnlyList<Finding> findings)
    {
        await File.WriteAllLinesAsync(
            Path.Combine(folder, "differences.txt"), findings.SelectMany(finding => finding.Differences.Select(difference => $"{finding.Check}: {difference}")));
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
