using System.Globalization;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Inventory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Waitlist;

/// <summary>Who waits for an event, for its organisation: first come first.</summary>
internal static class GetWaitlist
{
    /// <param name="Parties">That wait.</param>
    /// <param name="People">In these parties.</param>
    /// <param name="OpenOffers">Parties that have an offer.</param>
    /// <param name="Next">Cursor of the next page; null at the end.</param>
    public sealed record Response(int Parties, int People, int OpenOffers, IReadOnlyList<TypeCount> TicketTypes, IReadOnlyList<Item> Items, string? Next);

    /// <param name="People">Tickets of this type that are waited for.</param>
    public sealed record TypeCount(Guid TicketTypeId, string Name, int Parties, int People);

    public sealed record Item(Guid EntryId, Guid BuyerId, IReadOnlyList<WantedLine> Lines, DateTimeOffset JoinedAt);

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/events/{eventId:guid}/waitlist", Handle).RequirePermission("order.read").WithName("GetWaitlist");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, [AsParameters] PageQuery page, CurrentUser user, HttpResponse http, Streams streams, CancellationToken cancellationToken)
    {
        var (inventory, refusal) = await streams.ReadInventory(eventId, cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        if (inventory.Terms is not { } terms || !user.ActsFor(terms.OrganizationId))
        {
            return Refusal.NotFound("event-unknown", "There is no such event.").ToProblem();
        }

        http.Headers.CacheControl = "no-store";
        var line = inventory.Waiting.Line;
        var first = page.After is null ? 0 : After(line.IndexOf(new Place(Number(page.After), Guid.Empty)));
        var items = Enumerable.Range(first, Math.Min(page.Size, line.Count - first)).Select(index => inventory.Waiting.Entries[line[index].EntryId]).ToArray();
        return TypedResults.Ok(new Response(
            line.Count,
            inventory.Waiting.Lanes.Values.Sum(lane => lane.Places.Count * lane.PartySize),
            inventory.Waiting.Offers.Count,
            [.. terms.TicketTypes.Select(type => Count(type, inventory))],
            [.. items.Select(entry => new Item(entry.EntryId, entry.BuyerId, entry.Lines, entry.JoinedAt))],
            first + items.Length < line.Count ? items[^1].Number.ToString(CultureInfo.InvariantCulture) : null));
    }

    private static TypeCount Count(TicketTerms type, TicketInventory inventory)
    {
        var (parties, people) = inventory.Waiting.WaitingFor(type.TicketTypeId);
        return new TypeCount(type.TicketTypeId, type.Name, parties, people);
    }

    // Who was last on the page before may have left the line meanwhile.
    private static int After(int index) => index >= 0 ? index + 1 : ~index;

    private static long Number(string cursor) =>
        long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new UnreadableCursorException();
}
