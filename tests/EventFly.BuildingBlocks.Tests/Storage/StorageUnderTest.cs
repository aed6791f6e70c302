using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;

namespace EventFly.BuildingBlocks.Tests.Storage;

/// <summary>One adapter, opened on a place of its own. Opening the same place again finds what was acknowledged.</summary>
public sealed record StorageUnderTest(IEventStore Streams, IDocumentStore Documents, IOutbox Outbox, Func<ValueTask> Close) : IAsyncDisposable
{
    public required ISnapshotStore Snapshots { get; init; }

    public ValueTask DisposeAsync() => Close();
}
