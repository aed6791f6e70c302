using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace EventFly.ServiceDefaults.Telemetry;

/// <summary>Three runtime gauges end in "count", which Prometheus keeps for counters' parts.</summary>
internal static class PromLintNames
{
    public static MetricStreamConfiguration? Rename(Instrument instrument) =>
        instrument.Name.EndsWith(".count", StringComparison.Ordinal) && !IsCounter(instrument.GetType().GetGenericTypeDefinition())
            ? new MetricStreamConfiguration { Name = instrument.Name[..^".count".Length] + ".current" }
            : null;

    private static bool IsCounter(Type type) => type == typeof(Counter<>) || type == typeof(ObservableCounter<>);
}
