using EventFly.BuildingBlocks.Http;
using EventFly.BuildingBlocks.Snapshots;
using EventFly.Participants.Scans;

namespace EventFly.Participants.Doors;

/// <summary>The log in pages, the latest first.</summary>
internal static class PlacePages
{
    // A filter that matches little must not walk through everything for one page.
    private const int LooksAt = 10_000;

    /// <param name="itemAt">Null for a place that is passed over.</param>
    /// <returns>Next is the cursor of the next page, null at the end: a page may be short, even empty, and not the last.</returns>
    public static (IReadOnlyList<T> Items, string? Next) Page<T>(this OrderedSet<Place> places, PageQuery page, Func<Place, T?> itemAt)
        where T : class
    {
        List<T> items = [];
        Place? last = null;
        var looked = 0;
        foreach (var place in places.Before(PlaceCursor.Read(page.After)))
        {
            if (looked++ == LooksAt || items.Count == page.Size)
            {
                return (items, PlaceCursor.Write(last!.Value));
            }

            last = place;
            if (itemAt(place) is { } item)
            {
                items.Add(item);
            }
        }

        return (items, null);
    }
}
