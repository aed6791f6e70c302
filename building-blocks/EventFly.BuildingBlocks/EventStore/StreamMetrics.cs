using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace EventFly.BuildingBlocks.EventStore;

internal static class StreamMetrics
{
    public const string Name = "EventFly.Streams";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    public static readonly Counter<long> Decisions =
        Meter.CreateCounter<long>("eventfly.streams.decisions", "{decision}", "Decisions taken, by category and outcome (accepted, nothing, or the refusal's code).");

    public static readonly Counter<long> Conflicts =
        Meter.CreateCounter<long>("eventfly.streams.conflicts", "{conflict}", "Commits that another writer beat.");

    public static readonly Histogram<int> CommitSize =
        Meter.CreateHistogram<int>("eventfly.streams.commit.size", "{decision}", "Decisions that shared a commit.");

    public static readonly Histogram<double> CommitTime =
        Meter.CreateHistogram<double>("eventfly.streams.commit.duration", "s", "Time to store a commit.");

    public static readonly UpDownCounter<long> Waiting =
        Meter.CreateUpDownCounter<long>("eventfly.streams.waiting", "{decision}", "Decisions that wait for their stream.");

    public static readonly Counter<long> Snapshots =
        Meter.CreateCounter<long>("eventfly.streams.snapshots", "{snapshot}", "Snapshots, by category and outcome (written, failed, loaded, ignored).");
}
