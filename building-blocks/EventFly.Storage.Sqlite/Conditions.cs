using System.Globalization;
using System.Text;
using System.Text.Json;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Storage.Sqlite;

/// <summary>Writes conditions, order and page of a query as SQL over the columns of one collection.</summary>
internal sealed class Conditions(CollectionDefinition definition)
{
    private readonly StringBuilder sql = new();
    private readonly List<object?> parameters = [];
    private readonly Dictionary<string, FieldDefinition> fields = definition.Fields.ToDictionary(field => field.Name, StringComparer.Ordinal);

    public string Sql => sql.ToString();

    public object?[] Parameters => [.. parameters];

    public static object ToColumn(object value) => value switch
    {
        DateTimeOffset time => time.ToUnixTimeMilliseconds(),
        DateTime => throw new ArgumentException("A time field takes a DateTimeOffset."),
        bool boolean => boolean ? 1L : 0L,
        int integer => (long)integer,
        float number => (double)number,
        decimal number => (double)number,
        Enum named => JsonNamingPolicy.CamelCase.ConvertName(named.ToString()),
        Guid guid => guid.ToString(),
        _ => value,
    };

    public Conditions Readable(DateTimeOffset now)
    {
        sql.Append("body IS NOT NULL");
        if (definition.Expires)
        {
            sql.Append(" AND (deadline IS NULL OR deadline > ").Append(Parameter(now)).Append(')');
        }

        return this;
    }

    public Conditions And(IReadOnlyList<Where> all)
    {
        foreach (var where in all)
        {
            sql.Append(" AND ");
            Write(where);
        }

        return this;
    }

    public Conditions After(IReadOnlyList<SortBy> sort, string? cursor)
    {
        if (cursor is null)
        {
            return this;
        }

        var (values, id) = ReadCursor(cursor, sort.Count);
        sql.Append(" AND (");
        for (var i = 0; i <= sort.Count; i++)
        {
            sql.Append(i == 0 ? "(" : " OR (");
            for (var before = 0; before < i; before++)
            {
                sql.Append(Column(sort[before].Field, many: false)).Append(" IS ").Append(Parameter(values[before])).Append(" AND ");
            }

            if (i == sort.Count)
            {
                sql.Append("id > ").Append(Parameter(id));
            }
            else
            {
                Beyond(Column(sort[i].Field, many: false), values[i], sort[i].Descending);
            }

            sql.Append(')');
        }

        sql.Append(')');
        return this;
    }

    public Conditions OrderBy(IReadOnlyList<SortBy> sort)
    {
        sql.Append(" ORDER BY ");
        foreach (var key in sort)
        {
            sql.Append(Column(key.Field, many: false)).Append(key.Descending ? " DESC, " : ", ");
        }

        sql.Append("id");
        return this;
    }

    public Conditions Limit(int limit)
    {
        sql.Append(" LIMIT ").Append(Parameter((long)limit));
        return this;
    }

    public static string Cursor(IReadOnlyList<object?> values, string id)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(values.Append(id).ToArray());
        return Convert.ToBase64String(json).Replace('+', '-').Replace('/', '_').TrimEnd('=');
    }

    private static (object?[] Values, string Id) ReadCursor(string cursor, int sortKeys)
    {
        try
        {
            var base64 = cursor.Replace('-', '+').Replace('_', '/');
            var json = Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='));
            var parts = JsonSerializer.Deserialize<JsonElement[]>(json) ?? [];
            if (parts.Length != sortKeys + 1)
            {
                throw new UnreadableCursorException("The cursor belongs to another list.");
            }

            object?[] values = [.. parts.Take(sortKeys).Select(object? (part) => part.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => part.GetString(),
                JsonValueKind.Number => part.TryGetInt64(out var integer) ? integer : part.GetDouble(),
                _ => throw new UnreadableCursorException(),
            })];
            return (values, parts[^1].GetString() ?? throw new UnreadableCursorException());
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException or InvalidOperationException)
        {
            throw new UnreadableCursorException("The cursor cannot be read.", unreadable);
        }
    }

    private void Beyond(string column, object? value, bool descending)
    {
        // Nulls come first going up, last going down.
        if (value is null)
        {
            sql.Append(descending ? "0" : column + " IS NOT NULL");
        }
        else if (descending)
        {
            sql.Append(column).Append(" < ").Append(Parameter(value)).Append(" OR ").Append(column).Append(" IS NULL");
        }
        else
        {
            sql.Append(column).Append(" > ").Append(Parameter(value));
        }
    }

    private void Write(Where where)
    {
        switch (where)
        {
            case Where.Eq(var field, null):
                sql.Append(IsMany(field) ? $"NOT EXISTS (SELECT 1 FROM {Schemas.ManyTable(definition, field)} m WHERE m.id = d.id)" : Column(field, many: false) + " IS NULL");
                break;
            case Where.Eq(var field, { } value):
                On(field, column => sql.Append(column).Append(" = ").Append(Parameter(value)));
                break;
            case Where.In(_, { Count: 0 }):
                sql.Append('0');
                break;
            case Where.In(var field, var values):
                On(field, column => sql.Append(column).Append(" IN (").AppendJoin(", ", values.Select(value => Parameter(value))).Append(')'));
                break;
            case Where.Range(var field, var from, var to):
                On(field, column => Between(column, from, to));
                break;
            case Where.Prefix(var field, var prefix):
                On(field, column => Between(column, prefix, prefix + "\U0010FFFF"));
                break;
            case Where.Box(var latitude, var longitude, var south, var west, var north, var east):
                sql.Append('(').Append(Column(latitude, many: false)).Append(" BETWEEN ").Append(Parameter(south)).Append(" AND ").Append(Parameter(north)).Append(" AND ");
                var column = Column(longitude, many: false);
                sql.Append(west <= east
                    ? $"{column} BETWEEN {Parameter(west)} AND {Parameter(east)})"
                    : $"({column} >= {Parameter(west)} OR {column} <= {Parameter(east)}))");
                break;
            case Where.Any(var of):
                sql.Append('(');
                for (var i = 0; i < of.Count; i++)
                {
                    sql.Append(i == 0 ? "" : " OR ");
                    Write(of[i]);
                }

                sql.Append(of.Count == 0 ? "0)" : ")");
                break;
            default:
                throw new ArgumentException($"{where.GetType().Name} is not known here.", nameof(where));
        }
    }

    private void Between(string column, object? from, object? to)
    {
        sql.Append('(').Append(column).Append(" IS NOT NULL");
        if (from is not null)
        {
            sql.Append(" AND ").Append(column).Append(" >= ").Append(Parameter(from));
        }

        if (to is not null)
        {
            sql.Append(" AND ").Append(column).Append(" < ").Append(Parameter(to));
        }

        sql.Append(')');
    }

    private void On(string field, Action<string> condition)
    {
        if (IsMany(field))
        {
            sql.Append("EXISTS (SELECT 1 FROM ").Append(Schemas.ManyTable(definition, field)).Append(" m WHERE m.id = d.id AND ");
            condition("m.value");
            sql.Append(')');
        }
        else
        {
            condition(Column(field, many: false));
        }
    }

    private bool IsMany(string field) => Field(field).Many;

    private string Column(string field, bool many) =>
        Field(field).Many == many ? "d.f_" + field : throw new ArgumentException($"The field {field} of {definition.Collection} has many values.");

    private FieldDefinition Field(string field) =>
        fields.GetValueOrDefault(field) ?? throw new ArgumentException($"{definition.Collection} declares no field {field}.");

    private string Parameter(object? value)
    {
        parameters.Add(value is null ? null : ToColumn(value));
        return "$" + (parameters.Count - 1).ToString(CultureInfo.InvariantCulture);
    }
}
