using EventFly.StripeSimulator.Storage;

namespace EventFly.StripeSimulator.Wire;

internal static class Listing
{
    public static readonly string[] Accepts = ["limit", "starting_after", "ending_before", "created"];

    /// <summary>Newest first, a page at a time; <c>created[gte]</c> and its siblings cut the range.</summary>
    public static Answer Page<T>(StripeRequest request, string url, Shelf<T> shelf, Func<T, bool> matches, Func<T, object> shown)
        where T : class, IStripeObject
    {
        var parameters = request.Parameters;
        var limit = (int)(parameters.Integer("limit", 1, 100) ?? 10);
        var from = Math.Max(
            parameters.Integer("created[gte]") ?? 0,
            parameters.Integer("created[gt]") is { } above ? above + 1 : 0);
        var to = Math.Min(
            parameters.Integer("created[lte]") ?? long.MaxValue,
            parameters.Integer("created[lt]") is { } below ? below - 1 : long.MaxValue);
        if (parameters.Integer("created") is { } exactly) (from, to) = (exactly, exactly);

        var after = parameters.Text("starting_after");
        var before = parameters.Text("ending_before");
        if ((after ?? before) is { } cursor && shelf.FindSlot(cursor) is null)
        {
            parameters.Fail(StripeError.Missing("object", cursor, after is null ? "ending_before" : "starting_after"));
        }

        if (parameters.Problem is { } problem) return problem;

        bool Wanted(T item) => item.Created >= from && item.Created <= to && matches(item);

        // One second of slack: two threads may stamp and shelve in a different order.
        var found = before is null
            ? shelf.NewestFirst(after).TakeWhile(item => item.Created >= from - 1).Where(Wanted).Take(limit + 1).ToList()
            : shelf.OldestFirst(before).Where(Wanted).Take(limit + 1).ToList();
        var page = found.Take(limit);
        if (before is not null) page = page.Reverse();

        return Answer.Ok(new StripeList(url, found.Count > limit, [.. page.Select(shown)]));
    }
}
