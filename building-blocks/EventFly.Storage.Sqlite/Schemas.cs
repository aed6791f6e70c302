using EventFly.BuildingBlocks.Documents;

namespace EventFly.Storage.Sqlite;

/// <summary>Tables and indexes of the document collections.</summary>
internal static class Schemas
{
    public static string Table(CollectionDefinition definition) => "d_" + definition.Collection;

    public static string ManyTable(CollectionDefinition definition, string field) => $"m_{definition.Collection}_{field}";

    public static void Check(CollectionDefinition definition)
    {
        IEnumerable<string> names = [definition.Collection, .. definition.Fields.Select(field => field.Name), .. definition.UniqueKeys];
        foreach (var name in names)
        {
            if (name.Length is 0 or > 60 || !name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_'))
            {
                throw new ArgumentException($"{name} is no name for a collection, field or key: letters, digits and underscores, at most 60.");
            }
        }
    }

    public static void Create(SqliteSession session, CollectionDefinition definition)
    {
        var table = Table(definition);
        session.Execute($"CREATE TABLE IF NOT EXISTS {table} (id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, body BLOB, deadline INTEGER)");
        var columns = session.Rows($"SELECT name FROM pragma_table_info('{table}')", row => row.GetString(0)).ToHashSet(StringComparer.Ordinal);
        foreach (var column in definition.Fields.Where(field => !field.Many).Select(field => "f_" + field.Name).Concat(definition.UniqueKeys.Select(key => "k_" + key)))
        {
            if (!columns.Contains(column))
            {
                // No type: a column keeps each value as it was written.
                session.Execute($"ALTER TABLE {table} ADD COLUMN {column}");
            }
        }

        session.Execute($"CREATE INDEX IF NOT EXISTS {table}_deadline ON {table} (deadline) WHERE deadline IS NOT NULL");
        foreach (var key in definition.UniqueKeys)
        {
            session.Execute($"CREATE UNIQUE INDEX IF NOT EXISTS {table}_k_{key} ON {table} (k_{key}) WHERE k_{key} IS NOT NULL");
        }

        foreach (var field in definition.Fields.Where(field => field.Many))
        {
            session.Execute($"CREATE TABLE IF NOT EXISTS {ManyTable(definition, field.Name)} (value NOT NULL, id TEXT NOT NULL, PRIMARY KEY (value, id)) WITHOUT ROWID");
            session.Execute($"CREATE INDEX IF NOT EXISTS {ManyTable(definition, field.Name)}_id ON {ManyTable(definition, field.Name)} (id)");
        }

        foreach (var index in definition.Indexes)
        {
            session.Execute($"CREATE INDEX IF NOT EXISTS {table}_i_{string.Join('_', index)} ON {table} ({string.Join(", ", index.Select(field => "f_" + field))}, id)");
        }
    }
}
