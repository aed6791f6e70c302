using System.Text.Json;
using EventFly.BuildingBlocks.Documents;
using EventFly.Storage.MongoDb.Bson;

namespace EventFly.Storage.MongoDb;

/// <summary>Writes conditions, order and page of a query as a MongoDB filter over the declared fields of one collection.</summary>
internal sealed class MongoConditions(CollectionDefinition definition)
{
    private readonly Dictionary<string, FieldDefinition> fields = definition.Fields.ToDictionary(field => field.Name, StringComparer.Ordinal);

    /// <summary>As a declared field is stored.</summary>
    public static object Stored(object value) => value switch
    {
        DateTime => throw new ArgumentException("A time field takes a DateTimeOffset."),
        int integer => (long)integer,
        float number => (double)number,
        Enum named => JsonNamingPolicy.CamelCase.ConvertName(named.ToString()),
        Guid guid => guid.ToString(),
        _ => value,
    };

    /// <summary>Neither deleted nor beyond its deadline, and every condition holds, and behind the cursor.</summary>
    public BsonDocument Filter(DateTimeOffset now, IReadOnlyList<Where> all, IReadOnlyList<SortBy>? sort = null, string? after = null) => BsonWriter.Build(filter =>
    {
        filter.BeginArray("$and");
        filter.Value(Missing("d"));
        if (definition.Expires)
        {
            filter.Value(Or([Missing("x"), Compare("x", ("$gt", now))]));
        }

        foreach (var where in all)
        {
            filter.Value(Condition(where));
        }

        if (after is not null)
        {
            filter.Value(After(sort ?? [], after));
        }

        filter.End();
    });

    public BsonDocument Sort(IReadOnlyList<SortBy> sort) => BsonWriter.Build(order =>
    {
        foreach (var key in sort)
        {
            order.Value(Place(key.Field, many: false), key.Descending ? -1 : 1);
        }

        order.Value("_id", 1);
    });

    public static string Cursor(IReadOnlyList<SortBy> sort, BsonDocument document)
    {
        object?[] values =
        [
            .. sort.Select(key => document.Document("f")?.Find(key.Field)?.AsObject() is DateTimeOffset time ? time.ToUnixTimeMilliseconds() : document.Document("f")?.Find(key.Field)?.AsObject()),
            document["_id"].AsString(),
        ];
        return Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(values)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
    }

    private static BsonDocument Nothing { get; } = In("_id", []);

    private static BsonDocument Missing(string place) => BsonWriter.Build(filter =>
    {
        filter.BeginDocument(place);
        filter.Value("$exists", false);
        filter.End();
    });

    private static BsonDocument Compare(string place, params ReadOnlySpan<(string Operator, object Value)> comparisons)
    {
        var filter = new BsonWriter();
        filter.Begin();
        filter.BeginDocument(place);
        foreach (var (comparison, value) in comparisons)
        {
            filter.Value(comparison, Stored(value));
        }

        filter.End();
        filter.End();
        return filter.ToDocument();
    }

    private static BsonDocument In(string place, IEnumerable<object> values) => BsonWriter.Build(filter =>
    {
        filter.BeginDocument(place);
        filter.Array("$in", values.Select(Stored));
        filter.End();
    });

    private static BsonDocument Or(IEnumerable<BsonDocument> any) => BsonWriter.Build(filter => filter.Array("$or", any.Select(one => (object)one)));

    private static BsonDocument And(IEnumerable<BsonDocument> all) => BsonWriter.Build(filter => filter.Array("$and", all.Select(one => (object)one)));

    private BsonDocument Condition(Where where) => where switch
    {
        Where.Eq(var field, null) => Missing(Place(field)),
        Where.Eq(var field, { } value) => BsonWriter.Build(filter => filter.Value(Place(field), Stored(value))),
        Where.In(var field, var values) => In(Place(field), values),
        Where.Range(var field, var from, var to) => Between(field, from, to),
        Where.Prefix(var field, var prefix) => Between(field, prefix, prefix + "\U0010FFFF"),
        Where.Box box => And(
        [
            Compare(Place(box.LatitudeField, many: false), ("$gte", box.South), ("$lte", box.North)),
            box.West <= box.East
                ? Compare(Place(box.LongitudeField, many: false), ("$gte", box.West), ("$lte", box.East))
                : Or([Compare(Place(box.LongitudeField, many: false), ("$gte", box.West)), Compare(Place(box.LongitudeField, many: false), ("$lte", box.East))]),
        ]),
        Where.Any({ Count: 0 }) => Nothing,
        Where.Any(var of) => Or([.. of.Select(Condition)]),
        _ => throw new ArgumentException($"{where.GetType().Name} is not known here.", nameof(where)),
    };

    private BsonDocument Between(string field, object? from, object? to) => BsonWriter.Build(filter =>
    {
        filter.BeginDocument(Place(field));
        // Else one value may be above the one bound, and another below the other.
        if (Field(field).Many)
        {
            filter.BeginDocument("$elemMatch");
        }

        if (from is null && to is null)
        {
            filter.Value("$exists", true);
        }

        if (from is not null)
        {
            filter.Value("$gte", Stored(from));
        }

        if (to is not null)
        {
            filter.Value("$lt", Stored(to));
        }

        if (Field(field).Many)
        {
            filter.End();
        }

        filter.End();
    });

    private BsonDocument After(IReadOnlyList<SortBy> sort, string cursor)
    {
        var (values, id) = ReadCursor(sort, cursor);
        return Or(Enumerable.Range(0, sort.Count + 1).Select(i => And(
        [
            .. Enumerable.Range(0, i).Select(before => values[before] is { } value
                ? BsonWriter.Build(filter => filter.Value(Place(sort[before].Field), value))
                : Missing(Place(sort[before].Field))),
            i == sort.Count ? Compare("_id", ("$gt", id)) : Beyond(Place(sort[i].Field), values[i], sort[i].Descending),
        ])));
    }

    /// <summary>Nulls come first going up, last going down.</summary>
    private static BsonDocument Beyond(string place, object? value, bool isDescending) => (value, isDescending) switch
    {
        (null, true) => Nothing,
        (null, false) => BsonWriter.Build(filter =>
        {
            filter.BeginDocument(place);
            filter.Value("$exists", true);
            filter.End();
        }),
        (_, true) => Or([Compare(place, ("$lt", value)), Missing(place)]),
        _ => Compare(place, ("$gt", value)),
    };

    private (object?[] Values, string Id) ReadCursor(IReadOnlyList<SortBy> sort, string cursor)
    {
        try
        {
            var base64 = cursor.Replace('-', '+').Replace('_', '/');
            var parts = JsonSerializer.Deserialize<JsonElement[]>(Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='))) ?? [];
            if (parts.Length != sort.Count + 1)
            {
                throw new UnreadableCursorException("The cursor belongs to another list.");
            }

            object?[] values = [.. sort.Select((key, i) => ReadValue(Field(key.Field).Kind, parts[i]))];
            return (values, parts[^1].GetString() ?? throw new UnreadableCursorException());
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            throw new UnreadableCursorException("The cursor cannot be read.", unreadable);
        }
    }

    private static object? ReadValue(FieldKind kind, JsonElement part) => part.ValueKind is JsonValueKind.Null ? null : kind switch
    {
        FieldKind.Text => part.GetString(),
        FieldKind.Integer => part.GetInt64(),
        FieldKind.Number => part.GetDouble(),
        FieldKind.Boolean => part.GetBoolean(),
        FieldKind.Time => DateTimeOffset.FromUnixTimeMilliseconds(part.GetInt64()),
        _ => throw new UnreadableCursorException(),
    };

    private string Place(string field) => Place(field, Field(field).Many);

    private string Place(string field, bool many) =>
        Field(field).Many == many ? "f." + field : throw new ArgumentException($"The field {field} of {definition.Collection} has many values.");

    private FieldDefinition Field(string field) =>
        fields.GetValueOrDefault(field) ?? throw new ArgumentException($"{definition.Collection} declares no field {field}.");
}
