using System.Text.Json;
using EventFly.Prove.Sweep;
using Microsoft.Data.Sqlite;

namespace EventFly.Prove.Running;

/// <summary>Reads a service's database file, as it lies on the disk, beside the service.</summary>
internal sealed class ReadDatabase : IDisposable
{
    private readonly SqliteConnection connection;

    public ReadDatabase(string file)
    {
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 10 }.ToString());
        connection.Open();
    }

    /// <summary>Every stream from its first event to its last.</summary>
    public List<Happened> Events()
    {
        var events = new List<Happened>();
        Each("SELECT stream, first, last, at, events FROM commits ORDER BY stream, first", reader =>
        {
            var (stream, version, last) = (reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2));
            var at = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3));
            using var commit = JsonDocument.Parse(reader.GetFieldValue<byte[]>(4));
            foreach (var happened in commit.RootElement.EnumerateArray())
            {
                events.Add(new Happened(stream, version++, happened.GetProperty("n").GetString()!, happened.GetProperty("d").Clone(), at));
            }

            if (version != last + 1) throw new InvalidDataException($"The commit of {stream} from {reader.GetInt64(1)} to {last} has other events than it says.");
        });

        return events;
    }

    public List<JsonElement> Documents(string collection)
    {
        var documents = new List<JsonElement>();
        Each($"SELECT body FROM d_{collection} WHERE body IS NOT NULL", reader =>
        {
            using var body = JsonDocument.Parse(reader.GetFieldValue<byte[]>(0));
            documents.Add(body.RootElement.Clone());
        });

        return documents;
    }

    /// <param name="what">After SELECT COUNT(*) FROM.</param>
    public long Count(string what)
    {
        long count = 0;
        Each($"SELECT COUNT(*) FROM {what}", reader => count = reader.GetInt64(0));
        return count;
    }

    public void Dispose() => connection.Dispose();

    private void Each(string sql, Action<SqliteDataReader> row)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text is made of constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        while (reader.Read()) row(reader);
    }
}
