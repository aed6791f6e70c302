using EventFly.BuildingBlocks.Messaging;

namespace EventFly.Storage.Sqlite;

/// <summary>What was committed and is not yet on the bus, in one database file.</summary>
public sealed class SqliteOutbox(SqliteDatabase database, TimeProvider clock) : IOutbox, IDisposable
{
    private readonly SemaphoreSlim wake = new(0, 1);

    /// <inheritdoc />
    public async Task<IReadOnlyList<OutboxEntry>> Take(string worker, int max, TimeSpan lease, CancellationToken cancellationToken)
    {
        if (!await database.Read("peek", session => session.Scalar("SELECT 1 FROM outbox LIMIT 1") is not null, cancellationToken))
        {
            return [];
        }

        var now = clock.GetUtcNow();
        return await database.Write<IReadOnlyList<OutboxEntry>>(
            "take",
            session =>
            {
                var mine = session.Execute(
                    """
                    INSERT INTO outbox_lease (one, worker, until) VALUES (1, $0, $1)
                    ON CONFLICT (one) DO UPDATE SET worker = $0, until = $1 WHERE worker = $0 OR until <= $2
                    """,
                    worker,
                    (now + lease).ToUnixTimeMilliseconds(),
                    now.ToUnixTimeMilliseconds());
                return mine == 0
                    ? []
                    : session.Rows(
                        "SELECT position, id, aggregate, subject, envelope FROM outbox ORDER BY position LIMIT $0",
                        row => new OutboxEntry(
                            row.GetString(0),
                            row.GetString(2),
                            new Announcement(new Guid(row.GetFieldValue<byte[]>(1), bigEndian: true), row.GetString(3), row.GetFieldValue<byte[]>(4))),
                        max);
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task Done(IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken) => database.Write(
        "done",
        session =>
        {
            foreach (var entry in entries)
            {
                session.Execute("DELETE FROM outbox WHERE position = $0", long.Parse(entry.Position, System.Globalization.CultureInfo.InvariantCulture));
            }

            return true;
        },
        cancellationToken);

    /// <inheritdoc />
    public Task Wait(TimeSpan atMost, CancellationToken cancellationToken) => wake.WaitAsync(atMost, cancellationToken);

    /// <inheritdoc />
    public Task<long> Pending(CancellationToken cancellationToken) =>
        database.Read("pending", session => (long)session.Scalar("SELECT COUNT(*) FROM outbox")!, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => wake.Dispose();

    internal static void Add(SqliteSession session, string aggregate, IReadOnlyList<Announcement> announcements)
    {
        foreach (var announcement in announcements)
        {
            session.Execute(
                "INSERT INTO outbox (id, aggregate, subject, envelope) VALUES ($0, $1, $2, $3)",
                announcement.Id.ToByteArray(bigEndian: true),
                aggregate,
                announcement.Subject,
                announcement.Envelope.ToArray());
        }
    }

    internal void Wake()
    {
        lock (wake)
        {
            if (wake.CurrentCount == 0)
            {
                wake.Release();
            }
        }
    }
}
