using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Snapshots;

namespace EventFly.Participants.Scans;

internal static class ScanLogStream
{
    public static StreamDefinition<ScanLog, ScanLogEvent> Definition { get; } = new(
        "scans",
        new EventNames<ScanLogEvent>()
            .Add<TicketsKnown>("tickets-known")
            .Add<TicketScanned>("ticket-scanned")
            .Add<ScanUndone>("scan-undone")
            .Add<ConflictResolved>("conflict-resolved")
            .Add<DoorRulesSet>("door-rules-set"),
        Announcements.Of)
    {
        Snapshots = SnapshotForm.Of<ScanLog>(),
    };

    public static Task<Decided<ScanLog>> DecideScans(
        this Streams streams, Guid eventId, Func<ScanLog, Decision<ScanLogEvent>> decide, CancellationToken cancellationToken) =>
        streams.Decide(Definition.StreamOf(eventId), decide, cancellationToken);

    public static Task<Decided<ScanLog>> ReadScans(this Streams streams, Guid eventId, CancellationToken cancellationToken) =>
        streams.Read<ScanLog, ScanLogEvent>(Definition.StreamOf(eventId), cancellationToken);
}
