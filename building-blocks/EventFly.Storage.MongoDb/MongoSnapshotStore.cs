using System.Globalization;
using EventFly.BuildingBlocks.EventStore;
using EventFly.Storage.MongoDb.Bson;

namespace EventFly.Storage.MongoDb;

/// <summary>
/// Snapshots beside the streams: the parts first, each a document, then the one document of the stream that says which parts count:
/// <c>{_id: stream, v: version, c: fingerprint, h: last event, s: snapshot, n: parts}</c>.
/// </summary>
public sealed class MongoSnapshotStore(MongoDatabase database, TimeProvider clock) : ISnapshotStore
{
    /// <summary>How often a reader looks again after the parts it wanted were replaced under its hands.</summary>
    private const int Tries = 10;

    // Longer than any writing takes: what a killed process left behind goes with a later snapshot.
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    /// <inheritdoc />
    public async Task<Snapshot?> Find(string stream, string fingerprint, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            if (await Current(stream, cancellationToken) is not { } current || current["c"].AsString() != fingerprint)
            {
                return null;
            }

            var parts = await database.Find(
                new MongoFind(MongoDatabase.SnapshotParts, PartsOf(stream, current["s"].AsGuid()).Bytes) { Sort = MongoEventStore.ById(1) }, cancellationToken);
            if (parts.Count == current["n"].AsInt64())
            {
                return new Snapshot(stream, current["v"].AsInt64(), fingerprint, current["h"].AsString(), [.. parts.Select(part => part["d"].AsBinary())]);
            }
        }

        return null;
    }

    /// <inheritdoc />
    public async Task Save(Snapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentOutOfRangeException.ThrowIfZero(snapshot.Parts.Count);
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        for (var number = 0; number < snapshot.Parts.Count; number++)
        {
            var part = PartOf(snapshot, id, number, now);
            await database.Ask(
                async client =>
                {
                    await client.Insert(MongoDatabase.SnapshotParts, part.Bytes, cancellationToken);
                    return true;
                },
                cancellationToken);
        }

        var before = (await Current(snapshot.Stream, cancellationToken))?["s"].AsGuid();
        var update = new MongoUpdate(ById(snapshot.Stream).Bytes, PointerTo(snapshot, id).Bytes, Upsert: true);
        await database.Ask(client => client.Update(MongoDatabase.Snapshots, [update], cancellationToken), cancellationToken);
        if (before is { } replaced)
        {
            await Remove(PartsOf(snapshot.Stream, replaced), cancellationToken);
        }

        await Remove(Old(snapshot.Stream, now - Abandoned), cancellationToken);
    }

    private static string IdOf(string stream, Guid snapshot, int part) => string.Create(CultureInfo.InvariantCulture, $"{stream}/{snapshot:N}/{part:00000000}");

    private static BsonDocument PartsOf(string stream, Guid snapshot) => MongoEventStore.Between($"{stream}/{snapshot:N}/", $"{stream}/{snapshot:N}/:");

    private static BsonDocument ById(string stream) => BsonWriter.Build(filter => filter.Value("_id", stream));

    private static BsonDocument Old(string stream, DateTimeOffset until) => BsonWriter.Build(filter =>
    {
        filter.Value("_id", MongoEventStore.Between($"{stream}/", $"{stream}/g")["_id"].AsDocument());
        filter.BeginDocument("at");
        filter.Value("$lt", until);
        filter.End();
    });

    private static BsonDocument PartOf(Snapshot snapshot, Guid id, int number, DateTimeOffset now) => BsonWriter.Build(part =>
    {
        part.Value("_id", IdOf(snapshot.Stream, id, number));
        part.Value("at", now);
        part.Binary("d", snapshot.Parts[number].Span);
    });

    private static BsonDocument PointerTo(Snapshot snapshot, Guid id) => BsonWriter.Build(change =>
    {
        change.BeginDocument("$set");
        change.Value("v", snapshot.Version);
        change.Value("c", snapshot.Fingerprint);
        change.Value("h", snapshot.LastEvent);
        change.Value("s", id);
        change.Value("n", (long)snapshot.Parts.Count);
        change.End();
    });

    private async Task<BsonDocument?> Current(string stream, CancellationToken cancellationToken) =>
        await database.Find(new MongoFind(MongoDatabase.Snapshots, ById(stream).Bytes) { Limit = 1 }, cancellationToken) is [var current] ? current : null;

    private Task<long> Remove(BsonDocument filter, CancellationToken cancellationToken) =>
        database.Ask(client => client.Delete(MongoDatabase.SnapshotParts, filter.Bytes, all: true, cancellationToken), cancellationToken);
}
