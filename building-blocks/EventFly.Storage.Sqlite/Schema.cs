namespace EventFly.Storage.Sqlite;

internal static class Schema
{
    public const int Version = 1;

    public static void Create(SqliteSession session)
    {
        var found = (long)(session.Scalar("PRAGMA user_version") ?? 0L);
        if (found > Version)
        {
            throw new EventFly.BuildingBlocks.EventStore.StorageUnavailableException(
                $"The database {session.Connection.DataSource} was written by a newer EventFly (schema {found}, known {Version}): start that version.");
        }

        session.Execute("BEGIN IMMEDIATE");
        // A row is a whole commit: its events share the row, so a group of decisions costs one insert.
        session.Execute("""
            CREATE TABLE IF NOT EXISTS commits (
                stream TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, id BLOB NOT NULL, at INTEGER NOT NULL, events BLOB NOT NULL)
            """);
        session.Execute("CREATE UNIQUE INDEX IF NOT EXISTS commits_by_version ON commits (stream, first)");
        session.Execute("""
            CREATE TABLE IF NOT EXISTS outbox (
                position INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL, aggregate TEXT NOT NULL, subject TEXT NOT NULL, envelope BLOB NOT NULL)
            """);
        session.Execute("CREATE TABLE IF NOT EXISTS outbox_lease (one INTEGER PRIMARY KEY CHECK (one = 1), worker TEXT NOT NULL, until INTEGER NOT NULL)");
        // What the service declared last, so that a copy knows what the columns mean.
        session.Execute("CREATE TABLE IF NOT EXISTS declared (collection TEXT PRIMARY KEY NOT NULL, definition BLOB NOT NULL)");
        session.Execute("CREATE TABLE IF NOT EXISTS snapshots (stream TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, fingerprint TEXT NOT NULL, last_event TEXT NOT NULL, id BLOB NOT NULL)");
        session.Execute("CREATE TABLE IF NOT EXISTS snapshot_parts (stream TEXT NOT NULL, id BLOB NOT NULL, part INTEGER NOT NULL, at INTEGER NOT NULL, data BLOB NOT NULL)");
        session.Execute("CREATE UNIQUE INDEX IF NOT EXISTS snapshot_parts_in_order ON snapshot_parts (stream, id, part)");
        session.Execute($"PRAGMA user_version = {Version}");
        session.Execute("COMMIT");
    }
}
