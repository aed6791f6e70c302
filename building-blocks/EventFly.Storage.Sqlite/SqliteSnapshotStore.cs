using EventFly.BuildingBlocks.EventStore;

namespace EventFly.Storage.Sqlite;

/// <summary>Snapshots beside the streams, in the same file. Each part is a write of its own, so that commits need not wait for all of it.</summary>
public sealed class SqliteSnapshotStore(SqliteDatabase database, TimeProvider clock) : ISnapshotStore
{
    // Longer than any writing takes: what a killed process left behind goes with a later snapshot.
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    /// <inheritdoc />
    public Task<Snapshot?> Find(string stream, string fingerprint, CancellationToken cancellationToken) => database.Read(
        "snapshot",
        session =>
        {
            // One statement sees one state of the file.
            (long Version, string LastEvent)? kept = null;
            var parts = session.Rows<ReadOnlyMemory<byte>>(
                "SELECT s.version, s.last_event, p.data FROM snapshots s JOIN snapshot_parts p ON p.stream = s.stream AND p.id = s.id WHERE s.stream = $0 AND s.fingerprint = $1 ORDER BY p.part",
                row =>
                {
                    kept ??= (row.GetInt64(0), row.GetString(1));
                    return row.GetFieldValue<byte[]>(2);
                },
                stream,
                fingerprint);
            return kept is var (version, lastEvent) ? new Snapshot(stream, version, fingerprint, lastEvent, parts) : null;
        },
        cancellationToken);

    /// <inheritdoc />
    public async Task Save(Snapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentOutOfRangeException.ThrowIfZero(snapshot.Parts.Count);
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now).ToByteArray(bigEndian: true);
        for (var number = 0; number < snapshot.Parts.Count; number++)
        {
            var (part, data) = (number, snapshot.Parts[number].ToArray());
            await database.Write(
                "snapshot part",
                session => session.Execute(
                    "INSERT INTO snapshot_parts (stream, id, part, at, data) VALUES ($0, $1, $2, $3, $4)", snapshot.Stream, id, part, now.ToUnixTimeMilliseconds(), data),
                cancellationToken);
        }

        var before = await database.Write(
            "snapshot",
            session =>
            {
                var replaced = (byte[]?)session.Scalar("SELECT id FROM snapshots WHERE stream = $0", snapshot.Stream);
                session.Execute(
                    """
                    INSERT INTO snapshots (stream, version, fingerprint, last_event, id) VALUES ($0, $1, $2, $3, $4)
                    ON CONFLICT (stream) DO UPDATE SET version = $1, fingerprint = $2, last_event = $3, id = $4
                    """,
                    snapshot.Stream,
                    snapshot.Version,
                    snapshot.Fingerprint,
                    snapshot.LastEvent,
                    id);
                return replaced;
            },
            cancellationToken);
        await Remove(snapshot.Stream, before, id, now, cancellationToken);
    }

    private async Task Remove(string stream, byte[]? before, byte[] current, DateTimeOffset now, CancellationToken cancellationToken)
    {
        int removed;
        do
        {
            removed = await database.Write(
                "old snapshot part",
                session => session.Execute(
                    """
                    DELETE FROM snapshot_parts WHERE rowid IN (
                        SELECT rowid FROM snapshot_parts WHERE stream = $0 AND id <> $1 AND (id = $2 OR at < $3) LIMIT 2)
                    """,
                    stream,
                    current,
                    before,
                    (now - Abandoned).ToUnixTimeMilliseconds()),
                cancellationToken);
        }
        while (removed > 0);
    }
}
