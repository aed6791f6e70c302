namespace EventFly.BuildingBlocks.Documents;

/// <summary>What kind of value a declared field holds.</summary>
public enum FieldKind
{
    /// <summary>Text, compared by code point.</summary>
    Text,

    /// <summary>A 64-bit integer.</summary>
    Integer,

    /// <summary>A double.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A point in time, UTC, millisecond precision.</summary>
    Time,
}

/// <summary>A field that queries may name.</summary>
/// <param name="Name">Letters and digits, camelCase.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Many">Whether a document may have several values.</param>
public sealed record FieldDefinition(string Name, FieldKind Kind, bool Many);

/// <summary>What a storage adapter must know of a collection.</summary>
/// <param name="Collection">Its name: lower-case letters, digits, underscores.</param>
/// <param name="Fields">Queryable fields.</param>
/// <param name="UniqueKeys">Names of unique keys.</param>
/// <param name="Indexes">Field lists, each one index.</param>
/// <param name="Expires">Whether documents may have a deadline.</param>
public sealed record CollectionDefinition(
    string Collection,
    IReadOnlyList<FieldDefinition> Fields,
    IReadOnlyList<string> UniqueKeys,
    IReadOnlyList<IReadOnlyList<string>> Indexes,
    bool Expires);

/// <summary>Declares a collection: where its documents live, what of them can be queried, what must be unique.</summary>
/// <typeparam name="T">The document's body, a record; it is stored as opaque JSON.</typeparam>
/// <param name="collection">Lower-case letters, digits, underscores.</param>
/// <param name="id">The document's id, at most 200 characters, one bus-subject token.</param>
public sealed class DocumentType<T>(string collection, Func<T, string> id)
    where T : class
{
    private readonly List<(FieldDefinition Definition, Func<T, IEnumerable<object?>> Get)> fields = [];
    private readonly List<(string Name, Func<T, string?> Get)> uniqueKeys = [];
    private readonly List<IReadOnlyList<string>> indexes = [];
    private Func<T, DateTimeOffset?>? expiresAt;

    /// <summary>What the adapter must know.</summary>
    public CollectionDefinition Definition => new(
        collection, [.. fields.Select(declared => declared.Definition)], [.. uniqueKeys.Select(key => key.Name)], [.. indexes], expiresAt is not null);

    /// <summary>The document's id.</summary>
    public string IdOf(T body) => id(body);

    /// <summary>A text field.</summary>
    public DocumentType<T> Text(string name, Func<T, string?> get) => Field(name, FieldKind.Text, false, body => [get(body)]);

    /// <summary>A text field with many values.</summary>
    public DocumentType<T> Texts(string name, Func<T, IEnumerable<string>> get) => Field(name, FieldKind.Text, true, get);

    /// <summary>An integer field.</summary>
    public DocumentType<T> Integer(string name, Func<T, long?> get) => Field(name, FieldKind.Integer, false, body => [get(body)]);

    /// <summary>A double field.</summary>
    public DocumentType<T> Number(string name, Func<T, double?> get) => Field(name, FieldKind.Number, false, body => [get(body)]);

    /// <summary>A boolean field.</summary>
    public DocumentType<T> Boolean(string name, Func<T, bool?> get) => Field(name, FieldKind.Boolean, false, body => [get(body)]);

    /// <summary>A time field.</summary>
    public DocumentType<T> Time(string name, Func<T, DateTimeOffset?> get) => Field(name, FieldKind.Time, false, body => [get(body)]);

    /// <summary>A key that no two documents share. Null: the document has none.</summary>
    public DocumentType<T> Unique(string name, Func<T, string?> get)
    {
        uniqueKeys.Add((name, get));
        return this;
    }

    /// <summary>An index over declared fields, in this order; the id follows by itself.</summary>
    public DocumentType<T> Index(params string[] names)
    {
        indexes.Add(names);
        return this;
    }

    /// <summary>From this time on the document is no longer read; it is removed later.</summary>
    public DocumentType<T> ExpiresAt(Func<T, DateTimeOffset?> get)
    {
        expiresAt = get;
        return this;
    }

    internal IReadOnlyDictionary<string, IReadOnlyList<object>> FieldsOf(T body) =>
        fields.ToDictionary(field => field.Definition.Name, field => (IReadOnlyList<object>)[.. field.Get(body).OfType<object>()], StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, string> KeysOf(T body)
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, get) in uniqueKeys)
        {
            if (get(body) is { } key)
            {
                keys.Add(name, key);
            }
        }

        return keys;
    }

    internal DateTimeOffset? DeadlineOf(T body) => expiresAt?.Invoke(body);

    private DocumentType<T> Field(string name, FieldKind kind, bool many, Func<T, IEnumerable<object?>> get)
    {
        fields.Add((new FieldDefinition(name, kind, many), get));
        return this;
    }
}
