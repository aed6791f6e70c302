using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.BuildingBlocks.Http;

/// <summary>Which page of a list: taken by handlers as <c>[AsParameters] PageQuery page</c>.</summary>
/// <param name="Limit">Page size, 1 to 200; 50 when absent.</param>
/// <param name="After">Cursor from the page before, as it was sent.</param>
public sealed record PageQuery([property: Range(1, 200)] int? Limit = null, [property: MaxLength(1000)] string? After = null)
{
    /// <summary>Page size when the client names none.</summary>
    public const int DefaultLimit = 50;

    /// <summary>The page size to use.</summary>
    public int Size => Limit ?? DefaultLimit;

    /// <summary>The same page as a storage query.</summary>
    public Query ToQuery(IReadOnlyList<Where> all, params IReadOnlyList<SortBy> sort) => new(all, sort, Size, After);
}
