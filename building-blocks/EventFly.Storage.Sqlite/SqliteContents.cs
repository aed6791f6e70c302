using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Copies;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;

namespace EventFly.Storage.Sqlite;

/// <summary>Everything in one SQLite file, for a copy.</summary>
public sealed class SqliteContents(string path, TimeProvider clock) : IStoreContents
{
    private const int RowsPerRead = 500;

    private readonly SqliteDatabase database = SqliteDatabase.Open(path);

    /// <inheritdoc />
    public Task<IReadOnlyList<CollectionDefinition>> Collections(CancellationToken cancellationToken) => database.Read<IReadOnlyList<CollectionDefinition>>(
        "collections",
        session => session.Rows("SELECT definition FROM declared ORDER BY collection", row => JsonSerializer.Deserialize<CollectionDefinition>(row.GetFieldValue<byte[]>(0), EventFlyJson.Options)!),
        cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<Commit> Commits(string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var last = after;
            var rows = await database.Read(
                "commits",
                session => session.Rows(
                    "SELECT stream, first, id, at, events, stream || '/' || printf('%012d', first) AS key FROM commits WHERE key > $0 ORDER BY key LIMIT $1",
                    row => (
                        Key: row.GetString(5),
                        Commit: new Commit(
                            row.GetString(0), row.GetInt64(1) - 1, new Guid(row.GetFieldValue<byte[]>(2), bigEndian: true), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
                            [.. SqliteEventStore.Read(row.GetFieldValue<byte[]>(4)).Select(stored => new NewEvent(stored.Name, stored.Data))], [])),
                    last,
                    (long)RowsPerRead),
                cancellationToken);
            foreach (var (key, commit) in rows)
            {
                after = key;
                yield return commit;
            }

            if (rows.Count < RowsPerRead)
            {
                yield break;
            }
        }
    }

    /// <inheritdoc />
    public Task<string> LastCommit(CancellationToken cancellationToken) => database.Read(
        "last commit", session => (string?)session.Scalar("SELECT MAX(stream || '/' || printf('%012d', first)) FROM commits") ?? "", cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<KeptDocument> Documents(CollectionDefinition collection, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var last = after;
            var page = await database.Read("documents", session => Page(session, collection, last), cancellationToken);
            foreach (var document in page)
            {
                after = document.Id;
                yield return document;
            }

            if (page.Count < RowsPerRead)
            {
                yield break;
            }
        }
    }

    /// <inheritdoc />
    public Task<string> LastDocument(CollectionDefinition collection, CancellationToken cancellationToken) => database.Read(
        "last document", session => (string?)session.Scalar($"SELECT MAX(id) FROM {Schemas.Table(collection)}") ?? "", cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<OutboxEntry>> Waiting(CancellationToken cancellationToken) => database.Read<IReadOnlyList<OutboxEntry>>(
        "waiting",
        session => session.Rows(
            "SELECT position, id, aggregate, subject, envelope FROM outbox ORDER BY position",
            row => new OutboxEntry(
                row.GetString(0), row.GetString(2), new Announcement(new Guid(row.GetFieldValue<byte[]>(1), bigEndian: true), row.GetString(3), row.GetFieldValue<byte[]>(4)))),
        cancellationToken);

    /// <inheritdoc />
    public async Task Declare(CollectionDefinition collection, CancellationToken cancellationToken)
    {
        using var outbox = new SqliteOutbox(database, clock);
        await new SqliteDocumentStore(database, outbox, clock).Declare(collection, cancellationToken);
    }

    /// <inheritdoc />
    public Task Put(IReadOnlyList<Commit> commits, CancellationToken cancellationToken) => database.Write(
        "copy commits",
        session =>
        {
            foreach (var commit in commits)
            {
                session.Execute(
                    "INSERT OR IGNORE INTO commits (stream, first, last, id, at, events) VALUES ($0, $1, $2, $3, $4, $5)",
                    commit.Stream,
                    commit.ExpectedVersion + 1,
                    commit.ExpectedVersion + commit.Events.Count,
                    commit.Id.ToByteArray(bigEndian: true),
                    commit.At.ToUnixTimeMilliseconds(),
                    SqliteEventStore.Write(commit.Events));
            }

            return true;
        },
        cancellationToken);

    /// <inheritdoc />
    public Task Put(CollectionDefinition collection, IReadOnlyList<KeptDocument> documents, CancellationToken cancellationToken) => database.Write(
        "copy documents",
        session =>
        {
            foreach (var document in documents)
            {
                Put(session, collection, document);
            }

            return true;
        },
        cancellationToken);

    /// <inheritdoc />
    public Task Put(IReadOnlyList<OutboxEntry> waiting, CancellationToken cancellationToken) => database.Write(
        "copy outbox",
        session =>
        {
            foreach (var entry in waiting)
            {
                SqliteOutbox.Add(session, entry.Aggregate, [entry.Announcement]);
            }

            return true;
        },
        cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static List<KeptDocument> Page(SqliteSession session, CollectionDefinition collection, string after)
    {
        var single = collection.Fields.Where(field => !field.Many).ToArray();
        var columns = string.Concat(single.Select(field => ", f_" + field.Name).Concat(collection.UniqueKeys.Select(key => ", k_" + key)));
        var rows = session.Rows(
            $"SELECT id, version, body, deadline{columns} FROM {Schemas.Table(collection)} WHERE id > $0 ORDER BY id LIMIT $1",
            row =>
            {
                var fields = new Dictionary<string, IReadOnlyList<object>>(StringComparer.Ordinal);
                var keys = new Dictionary<string, string>(StringComparer.Ordinal);
                for (var i = 0; i < single.Length; i++)
                {
                    if (!row.IsDBNull(4 + i))
                    {
                        fields[single[i].Name] = [Value(single[i].Kind, row.GetValue(4 + i))];
                    }
                }

                for (var i = 0; i < collection.UniqueKeys.Count; i++)
                {
                    if (!row.IsDBNull(4 + single.Length + i))
                    {
                        keys[collection.UniqueKeys[i]] = row.GetString(4 + single.Length + i);
                    }
                }

                return (
                    Document: new KeptDocument(
                        row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? (ReadOnlyMemory<byte>?)null : row.GetFieldValue<byte[]>(2), fields, keys,
                        row.IsDBNull(3) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3))),
                    Fields: fields);
            },
            after,
            (long)RowsPerRead);
        foreach (var field in collection.Fields.Where(field => field.Many))
        {
            foreach (var (document, fields) in rows)
            {
                if (session.Rows($"SELECT value FROM {Schemas.ManyTable(collection, field.Name)} WHERE id = $0", row => Value(field.Kind, row.GetValue(0)), document.Id) is { Count: > 0 } values)
                {
                    fields[field.Name] = values;
                }
            }
        }

        return [.. rows.Select(row => row.Document)];
    }

    private static object Value(FieldKind kind, object column) => kind switch
    {
        FieldKind.Time => DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(column, CultureInfo.InvariantCulture)),
        FieldKind.Boolean => Convert.ToInt64(column, CultureInfo.InvariantCulture) != 0,
        FieldKind.Number => Convert.ToDouble(column, CultureInfo.InvariantCulture),
        _ => column,
    };

    private static void Put(SqliteSession session, CollectionDefinition collection, KeptDocument document)
    {
        var columns = collection.Fields.Where(field => !field.Many)
            .Select(field => (Column: "f_" + field.Name, Value: document.Fields.GetValueOrDefault(field.Name) is [var value, ..] ? Conditions.ToColumn(value) : null))
            .Concat(collection.UniqueKeys.Select(key => (Column: "k_" + key, Value: (object?)document.Keys.GetValueOrDefault(key))))
            .ToArray();
        object?[] values = [document.Id, document.Version, document.Body?.ToArray(), document.Deadline?.ToUnixTimeMilliseconds(), .. columns.Select(column => column.Value)];
        session.Execute(
            $"INSERT OR IGNORE INTO {Schemas.Table(collection)} (id, version, body, deadline{string.Concat(columns.Select(column => ", " + column.Column))}) VALUES ({string.Join(", ", Enumerable.Range(0, values.Length).Select(i => "$" + i))})",
            values);
        foreach (var field in collection.Fields.Where(field => field.Many))
        {
            foreach (var value in document.Fields.GetValueOrDefault(field.Name) ?? [])
            {
                session.Execute($"INSERT OR IGNORE INTO {Schemas.ManyTable(collection, field.Name)} (value, id) VALUES ($0, $1)", Conditions.ToColumn(value), document.Id);
            }
        }
    }
}
