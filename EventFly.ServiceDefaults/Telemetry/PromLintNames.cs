using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace EventFly.ServiceDefaults.Telemetry;

/// <summary>Three runtime gauges end in "count", which Prometheus keeps for counters' parts.</summary>
internal static class PromLintNames
{
    public static MetricStreamConfiguration? Rename(Instrument instrument) =>
        instrument.Name.EndsWith(".count", StringComparison.Ordinal) && !instrument.GetType().Name.Contains("Counter", StringComparison.Ordinal)
            ? new MetricStreamConfiguration { Name = instrument.Name[..^".count".Length] + ".current" }
            : null;
}
