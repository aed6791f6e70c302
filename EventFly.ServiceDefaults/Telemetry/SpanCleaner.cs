using System.Diagnostics;
using OpenTelemetry;

namespace EventFly.ServiceDefaults.Telemetry;

/// <summary>Takes queries out of URLs before a span is exported (they may hold tokens and codes), and keeps probes of health out altogether.</summary>
internal sealed class SpanCleaner : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem("url.full") is string url && url.IndexOf('?', StringComparison.Ordinal) is var query and >= 0)
        {
            data.SetTag("url.full", url[..query]);
        }

        if (data is { Kind: ActivityKind.Client, Parent: null } && data.GetTagItem("url.full") is string target && IsProbe(target))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }

        if (data.GetTagItem("url.query") is not null)
        {
            data.SetTag("url.query", null);
        }
    }

    private static bool IsProbe(string url) => url.EndsWith("/alive", StringComparison.Ordinal)
        || url.EndsWith("/health", StringComparison.Ordinal) || url.EndsWith("/metrics", StringComparison.Ordinal);
}
