using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Inventory;

internal static class GetAvailability
{
    public enum SaleState
    {
        NotStarted,
        OnSale,
        SoldOut,
        Ended,
        Cancelled,
    }

    /// <param name="AsOf">When this was counted.</param>
    public sealed record Response(
        Guid EventId, string Name, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string? Venue, bool Cancelled, DateTimeOffset AsOf, IReadOnlyList<TicketType> TicketTypes);

    public sealed record TicketType(
        Guid TicketTypeId,
        string Name,
        long Price,
        string Currency,
        int Free,
        int? PerBuyerLimit,
        DateTimeOffset? SalesFrom,
        DateTimeOffset SalesUntil,
        SaleState State);

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/events/{eventId:guid}/availability", Handle).AllowAnonymous().WithName("GetAvailability");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, HttpResponse http, Streams streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        // Who looks first after a deadline writes it down, so that nobody counts the same lapsed holds again and again.
        var now = clock.GetUtcNow();
        var (inventory, refusal) = await streams.DecideInventory(eventId, state => state.Lapse(now), cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        if (inventory.Terms is not { } terms)
        {
            return Refusal.NotFound("sales-not-open", "No tickets are on sale for this event.").ToProblem();
        }

        http.Headers.CacheControl = "no-cache";
        var cancelled = inventory.ClosedBecause is not null;
        return TypedResults.Ok(new Response(
            eventId, terms.Name, terms.StartsAt, terms.EndsAt, terms.Venue, cancelled, now,
            [.. terms.TicketTypes.Select(type => Of(type, terms, inventory.FreeAt(type.TicketTypeId, now), cancelled, now))]));
    }

    private static TicketType Of(TicketTerms type, EventTerms terms, int free, bool cancelled, DateTimeOffset now)
    {
        var until = type.SalesUntil ?? terms.EndsAt;
        var state = cancelled ? SaleState.Cancelled
            : now >= until ? SaleState.Ended
            : now < type.SalesFrom ? SaleState.NotStarted
            : free == 0 ? SaleState.SoldOut
            : SaleState.OnSale;
        return new TicketType(type.TicketTypeId, type.Name, type.Price, type.Currency, cancelled ? 0 : free, type.PerBuyerLimit, type.SalesFrom, until, state);
    }
}
