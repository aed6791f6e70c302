namespace EventFly.BuildingBlocks.Documents;

/// <summary>A condition on a declared field. The same meaning in every adapter.</summary>
public abstract record Where
{
    private Where()
    {
    }

    /// <summary>The field has this value (for a field with many values: one of them). Null matches an absent field.</summary>
    public sealed record Eq(string Field, object? Value) : Where;

    /// <summary>The field has one of these values.</summary>
    public sealed record In(string Field, IReadOnlyList<object> Values) : Where;

    /// <summary>From (inclusive) to (exclusive); null leaves a side open.</summary>
    public sealed record Range(string Field, object? From, object? To) : Where;

    /// <summary>A text field begins with this, by code point, case-sensitive.</summary>
    public sealed record Prefix(string Field, string Value) : Where;

    /// <summary>Two number fields lie in a box on the globe; west greater than east crosses the antimeridian.</summary>
    public sealed record Box(string LatitudeField, string LongitudeField, double South, double West, double North, double East) : Where;

    /// <summary>At least one of these holds.</summary>
    public sealed record Any(IReadOnlyList<Where> Of) : Where;
}

/// <summary>Which documents, in which order, which page.</summary>
/// <param name="All">Every condition holds.</param>
/// <param name="Sort">Declared single-valued fields; the id breaks ties.</param>
/// <param name="Limit">Page size, 1 to 500.</param>
/// <param name="After">Cursor from <see cref="Page{T}.Next"/>, or null for the first page.</param>
public sealed record Query(IReadOnlyList<Where> All, IReadOnlyList<SortBy> Sort, int Limit = 50, string? After = null);

/// <summary>One sort key.</summary>
public sealed record SortBy(string Field, bool Descending = false);

/// <summary>One page of a list.</summary>
/// <param name="Items">The documents.</param>
/// <param name="Next">Cursor of the next page, or null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
