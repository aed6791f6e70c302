using System.Diagnostics;
using OpenTelemetry;

namespace EventFly.ServiceDefaults.Telemetry;

/// <summary>Keeps probes of other processes' health out of the traces; answering them is left out by <see cref="ServerSpans"/>.</summary>
internal sealed class ProbeFilter : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        var isProbe = data.Kind is ActivityKind.Client
            ? data.GetTagItem("url.full") is string target && IsProbe(target)
            : data.OperationName is "proxy.cluster_health_checks" or "proxy.destination_health_check";
        if (isProbe)
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    private static bool IsProbe(string url) => url.EndsWith("/alive", StringComparison.Ordinal)
        || url.EndsWith("/health", StringComparison.Ordinal) || url.EndsWith("/metrics", StringComparison.Ordinal);
}
