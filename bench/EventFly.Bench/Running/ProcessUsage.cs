using System.Diagnostics;
using System.Globalization;
using EventFly.Bench.Reporting;

namespace EventFly.Bench.Running;

/// <summary>What processes used between two moments, from the system's own books.</summary>
internal sealed class ProcessUsage(IReadOnlyDictionary<string, int> processes)
{
    private const double TicksPerSecond = 100;

    private readonly long began = Stopwatch.GetTimestamp();
    private readonly Dictionary<string, double> before = processes.ToDictionary(pair => pair.Key, pair => CpuSeconds(pair.Value));

    public Dictionary<string, Usage> SoFar()
    {
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return processes.ToDictionary(
            pair => pair.Key, pair => new Usage((CpuSeconds(pair.Value) - before[pair.Key]) / seconds, MemoryMiB(pair.Value)));
    }

    private static double CpuSeconds(int process)
    {
        // Behind the name, which may have blanks: state is field 3, utime and stime are 14 and 15.
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static double MemoryMiB(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
