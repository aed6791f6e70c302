using System.Globalization;
using Microsoft.Data.Sqlite;

namespace EventFly.Storage.Sqlite;

/// <summary>One connection and its prepared statements. Used by one caller at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private const int KeptStatements = 200;

    private readonly Dictionary<string, SqliteCommand> statements = new(StringComparer.Ordinal);

    public SqliteSession(string connectionString, bool writer)
    {
        Connection = new SqliteConnection(connectionString);
        try
        {
            Connection.Open();
            Pragma("busy_timeout=5000");
            Pragma("cache_size=-8000");
            if (writer)
            {
                Pragma("journal_mode=WAL");
                Pragma("synchronous=FULL");
            }
            else
            {
                Pragma("query_only=ON");
            }
        }
        catch
        {
            Connection.Dispose();
            throw;
        }
    }

    public SqliteConnection Connection { get; }

    /// <summary>Runs a statement; parameters are named $0, $1, … in order.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> parameters) => Bind(sql, parameters).ExecuteNonQuery();

    /// <summary>The first column of the first row, or null.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> parameters) => Bind(sql, parameters).ExecuteScalar() is { } value and not DBNull ? value : null;

    /// <summary>All rows.</summary>
    public List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> parameters)
    {
        List<T> rows = [];
        using var reader = Bind(sql, parameters).ExecuteReader();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values)
        {
            statement.Dispose();
        }

        Connection.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> parameters)
    {
        if (!statements.TryGetValue(sql, out var command))
        {
            if (statements.Count >= KeptStatements)
            {
                foreach (var old in statements.Values)
                {
                    old.Dispose();
                }

                statements.Clear();
            }

            command = Connection.CreateCommand();
#pragma warning disable CA2100 // Every text is made of constants and of names that CollectionDefinition was checked for.
            command.CommandText = sql;
#pragma warning restore CA2100
            for (var i = 0; i < parameters.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter("$" + i.ToString(CultureInfo.InvariantCulture), null));
            }

            // Without it, the driver parses the text again whenever a reader was closed before its end, as for a single value.
            command.Prepare();
            statements.Add(sql, command);
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters[i].Value = parameters[i] ?? DBNull.Value;
        }

        return command;
    }

    private void Pragma(string pragma)
    {
        using var command = Connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = "PRAGMA " + pragma;
#pragma warning restore CA2100
        command.ExecuteScalar();
    }
}
