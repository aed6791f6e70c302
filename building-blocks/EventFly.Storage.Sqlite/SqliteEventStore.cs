using System.Runtime.CompilerServices;
using System.Text.Json;
using EventFly.BuildingBlocks.EventStore;

namespace EventFly.Storage.Sqlite;

/// <summary>Streams in one database file.</summary>
public sealed class SqliteEventStore(SqliteDatabase database, SqliteOutbox outbox) : IEventStore
{
    private const int CommitsPerRead = 500;

    /// <inheritdoc />
    public async Task<AppendOutcome> Append(Commit commit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        ArgumentOutOfRangeException.ThrowIfZero(commit.Events.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(commit.Stream.Length, 200);
        var events = Write(commit.Events);
        var id = commit.Id.ToByteArray(bigEndian: true);
        var outcome = await database.Write("append", session => Append(session, commit, id, events), cancellationToken);
        if (outcome is AppendOutcome.Appended && commit.Announcements.Count > 0)
        {
            outbox.Wake();
        }

        return outcome;
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<StoredEvent> Read(
        string stream, long afterVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var after = afterVersion;
            // The commit that holds the next version begins at or before it.
            var commits = await database.Read(
                "read",
                session => session.Rows(
                    "SELECT first, last, at, events FROM commits WHERE stream = $0 AND first > (SELECT COALESCE(MAX(first), 0) FROM commits WHERE stream = $0 AND first <= $1) - 1 AND last > $1 ORDER BY first LIMIT $2",
                    row => (First: row.GetInt64(0), Last: row.GetInt64(1), At: row.GetInt64(2), Events: row.GetFieldValue<byte[]>(3)),
                    stream,
                    after,
                    CommitsPerRead),
                cancellationToken);
            foreach (var commit in commits)
            {
                var at = DateTimeOffset.FromUnixTimeMilliseconds(commit.At);
                var version = commit.First;
                foreach (var (name, data) in Read(commit.Events))
                {
                    if (version > afterVersion)
                    {
                        yield return new StoredEvent(version, name, data, at);
                    }

                    version++;
                }

                afterVersion = commit.Last;
            }

            if (commits.Count < CommitsPerRead)
            {
                yield break;
            }
        }
    }

    private static AppendOutcome Append(SqliteSession session, Commit commit, byte[] id, byte[] events)
    {
        var head = (long)(session.Scalar("SELECT last FROM commits WHERE stream = $0 ORDER BY first DESC LIMIT 1", commit.Stream) ?? 0L);
        if (head != commit.ExpectedVersion)
        {
            var there = (byte[]?)session.Scalar(
                "SELECT id FROM commits WHERE stream = $0 AND first = $1", commit.Stream, commit.ExpectedVersion + 1);
            return there is not null && there.AsSpan().SequenceEqual(id) ? AppendOutcome.AlreadyAppended : AppendOutcome.Conflict;
        }

        session.Execute(
            "INSERT INTO commits (stream, first, last, id, at, events) VALUES ($0, $1, $2, $3, $4, $5)",
            commit.Stream,
            head + 1,
            head + commit.Events.Count,
            id,
            commit.At.ToUnixTimeMilliseconds(),
            events);
        SqliteOutbox.Add(session, commit.Stream, commit.Announcements);
        return AppendOutcome.Appended;
    }

    internal static byte[] Write(IReadOnlyList<NewEvent> events)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256 * events.Count);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartArray();
            foreach (var happened in events)
            {
                json.WriteStartObject();
                json.WriteString("n", happened.Name);
                json.WritePropertyName("d");
                json.WriteRawValue(happened.Data.Span, skipInputValidation: true);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }

    internal static List<(string Name, ReadOnlyMemory<byte> Data)> Read(byte[] events)
    {
        List<(string, ReadOnlyMemory<byte>)> read = [];
        var json = new Utf8JsonReader(events);
        json.Read();
        while (json.Read() && json.TokenType is JsonTokenType.StartObject)
        {
            json.Read();
            json.Read();
            var name = json.GetString()!;
            json.Read();
            json.Read();
            var from = (int)json.TokenStartIndex;
            json.Skip();
            read.Add((name, events.AsMemory(from, (int)json.BytesConsumed - from)));
            json.Read();
        }

        return read;
    }
}
