using System.Collections.Concurrent;
using System.Text.Json;
using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Storage.Sqlite;

/// <summary>Documents in one database file: a table per collection, the body as JSON, a column per declared field.</summary>
public sealed class SqliteDocumentStore(SqliteDatabase database, SqliteOutbox outbox, TimeProvider clock) : IDocumentStore
{
    /// <summary>How long a deleted document's version is remembered, so that a new one under the same id continues its sequence.</summary>
    private static readonly TimeSpan Tombstone = TimeSpan.FromDays(7);

    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, CollectionDefinition> collections = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> swept = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public async Task Declare(CollectionDefinition definition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Schemas.Check(definition);
        await database.Write(
            "declare",
            session =>
            {
                Schemas.Create(session, definition);
                session.Execute(
                    "INSERT INTO declared (collection, definition) VALUES ($0, $1) ON CONFLICT (collection) DO UPDATE SET definition = $1",
                    definition.Collection,
                    JsonSerializer.SerializeToUtf8Bytes(definition, EventFlyJson.Options));
                return true;
            },
            cancellationToken);
        collections[definition.Collection] = definition;
    }

    /// <inheritdoc />
    public Task<StoredDocument?> Get(string collection, string id, CancellationToken cancellationToken)
    {
        var definition = Definition(collection);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return database.Read(
            "get",
            session => session.Rows(
                $"SELECT id, version, body FROM {Schemas.Table(definition)} WHERE id = $0 AND body IS NOT NULL AND (deadline IS NULL OR deadline > $1)",
                row => new StoredDocument(row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)),
                id,
                now).SingleOrDefault(),
            cancellationToken);
    }

    /// <inheritdoc />
    public async Task<WriteResult> Write(DocumentWrite write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(write.Id.Length, 200);
        var definition = Definition(write.Collection);
        var now = clock.GetUtcNow();
        var result = await database.Write("write", session => Write(session, definition, write, now), cancellationToken);
        if (result.Outcome is WriteOutcome.Written && write.Announcements.Count > 0)
        {
            outbox.Wake();
        }

        return result;
    }

    /// <inheritdoc />
    public Task<Page<StoredDocument>> Query(string collection, Query query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, 500);
        var definition = Definition(collection);
        var conditions = new Conditions(definition)
            .Readable(clock.GetUtcNow())
            .And(query.All)
            .After(query.Sort, query.After)
            .OrderBy(query.Sort)
            .Limit(query.Limit + 1);
        var keys = string.Concat(query.Sort.Select(key => ", d.f_" + key.Field));
        var sql = $"SELECT d.id, d.version, d.body{keys} FROM {Schemas.Table(definition)} d WHERE {conditions.Sql}";
        return database.Read(
            "query",
            session =>
            {
                var rows = session.Rows(
                    sql,
                    row => (
                        Document: new StoredDocument(row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)),
                        Keys: Enumerable.Range(3, query.Sort.Count).Select(column => row.IsDBNull(column) ? null : row.GetValue(column)).ToArray()),
                    conditions.Parameters);
                var more = rows.Count > query.Limit;
                var page = rows.Take(query.Limit).ToArray();
                return new Page<StoredDocument>(
                    [.. page.Select(row => row.Document)], more ? Conditions.Cursor(page[^1].Keys, page[^1].Document.Id) : null);
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<long> Count(string collection, IReadOnlyList<Where> all, CancellationToken cancellationToken)
    {
        var definition = Definition(collection);
        var conditions = new Conditions(definition).Readable(clock.GetUtcNow()).And(all);
        return database.Read(
            "count",
            session => (long)session.Scalar($"SELECT COUNT(*) FROM {Schemas.Table(definition)} d WHERE {conditions.Sql}", conditions.Parameters)!,
            cancellationToken);
    }

    private WriteResult Write(SqliteSession session, CollectionDefinition definition, DocumentWrite write, DateTimeOffset now)
    {
        var table = Schemas.Table(definition);
        Sweep(session, definition, now);
        var milliseconds = now.ToUnixTimeMilliseconds();
        var there = session.Rows(
            $"SELECT version, body IS NOT NULL AND (deadline IS NULL OR deadline > $1) FROM {table} WHERE id = $0",
            row => (Version: row.GetInt64(0), IsReadable: row.GetBoolean(1)),
            write.Id,
            milliseconds);
        var remembered = there.Count > 0 ? there[0].Version : 0;
        var current = there.Count > 0 && there[0].IsReadable ? remembered : 0;
        if (current != write.ExpectedVersion)
        {
            return new WriteResult(WriteOutcome.Conflict);
        }

        foreach (var (key, value) in write.Keys)
        {
            var owners = session.Rows(
                $"SELECT id, deadline IS NOT NULL AND deadline <= $1 FROM {table} WHERE k_{key} = $0 AND id <> $2",
                row => (Id: row.GetString(0), IsExpired: row.GetBoolean(1)),
                value,
                milliseconds,
                write.Id);
            foreach (var owner in owners)
            {
                if (!owner.IsExpired)
                {
                    return new WriteResult(WriteOutcome.DuplicateKey, 0, key);
                }

                Remove(session, definition, owner.Id);
            }
        }

        var version = remembered + 1;
        var columns = definition.Fields.Where(field => !field.Many).Select(field => (Column: "f_" + field.Name, Value: Single(write.Fields, field.Name)))
            .Concat(definition.UniqueKeys.Select(key => (Column: "k_" + key, Value: (object?)write.Keys.GetValueOrDefault(key))))
            .ToArray();
        var deadline = write.Body is null ? now + Tombstone : write.Deadline;
        object?[] values = [write.Id, version, write.Body?.ToArray(), deadline?.ToUnixTimeMilliseconds(), .. columns.Select(column => column.Value)];
        var names = string.Concat(columns.Select(column => ", " + column.Column));
        var places = string.Join(", ", Enumerable.Range(0, values.Length).Select(i => "$" + i));
        session.Execute($"INSERT OR REPLACE INTO {table} (id, version, body, deadline{names}) VALUES ({places})", values);
        foreach (var field in definition.Fields.Where(field => field.Many))
        {
            var many = Schemas.ManyTable(definition, field.Name);
            session.Execute($"DELETE FROM {many} WHERE id = $0", write.Id);
            foreach (var value in write.Fields.GetValueOrDefault(field.Name) ?? [])
            {
                session.Execute($"INSERT OR IGNORE INTO {many} (value, id) VALUES ($0, $1)", Conditions.ToColumn(value), write.Id);
            }
        }

        SqliteOutbox.Add(session, $"{definition.Collection}/{write.Id}", write.Announcements);
        return new WriteResult(WriteOutcome.Written, version);
    }

    private static object? Single(IReadOnlyDictionary<string, IReadOnlyList<object>> fields, string name) =>
        fields.GetValueOrDefault(name) is [var value, ..] ? Conditions.ToColumn(value) : null;

    private static void Remove(SqliteSession session, CollectionDefinition definition, string id)
    {
        session.Execute($"DELETE FROM {Schemas.Table(definition)} WHERE id = $0", id);
        foreach (var field in definition.Fields.Where(field => field.Many))
        {
            session.Execute($"DELETE FROM {Schemas.ManyTable(definition, field.Name)} WHERE id = $0", id);
        }
    }

    private void Sweep(SqliteSession session, CollectionDefinition definition, DateTimeOffset now)
    {
        var last = swept.GetOrAdd(definition.Collection, now);
        if (now - last < SweepEvery)
        {
            return;
        }

        swept[definition.Collection] = now;
        var expired = session.Rows(
            $"SELECT id FROM {Schemas.Table(definition)} WHERE deadline <= $0 LIMIT 1000", row => row.GetString(0), now.ToUnixTimeMilliseconds());
        foreach (var id in expired)
        {
            Remove(session, definition, id);
        }
    }

    private CollectionDefinition Definition(string collection) =>
        collections.GetValueOrDefault(collection) ?? throw new ArgumentException($"The collection {collection} was not declared.", nameof(collection));
}
