using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Events;
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
        Guid EventId, string Name, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string? Venue, bool Cancelled, DateTimeOffset AsOf, IReadOnlyList<TicketType> TicketTypes)
    {
        /// <summary>What the code does that was named.</summary>
        public CodeState? Code { get; init; }
    }

    /// <param name="Price">What the next ticket costs, in minor units; with the code, where one is named.</param>
    public sealed record TicketType(
        Guid TicketTypeId,
        string Name,
        long Price,
        string Currency,
        int Free,
        int? PerBuyerLimit,
        DateTimeOffset? SalesFrom,
        DateTimeOffset SalesUntil,
        SaleState State)
    {
        /// <summary>What the next ticket costs without a code.</summary>
        public long ListPrice { get; init; }

        /// <summary>The type's own price, without tiers and demand.</summary>
        public long RegularPrice { get; init; }

        /// <summary>The early tier that makes the price.</summary>
        public string? Tier { get; init; }

        /// <summary>What the price becomes next by the clock and by the count, without a code.</summary>
        public IReadOnlyList<PriceAhead> Ahead { get; init; } = [];

        /// <summary>Where the price follows demand: between what it stays.</summary>
        public PriceBounds? Bounds { get; init; }

        /// <summary>People who wait for a ticket of this type. What is freed is offered to them first and does not count as free.</summary>
        public int Waiting { get; init; }
    }

    /// <param name="Floor">In minor units.</param>
    /// <param name="Ceiling">In minor units.</param>
    public sealed record PriceBounds(long Floor, long Ceiling);

    /// <param name="TicketTypeIds">Those that are cheaper or seen with it.</param>
    /// <param name="UsesLeft">Tickets that may still be had with it; absent where there is no limit.</param>
    public sealed record CodeState(IReadOnlyList<Guid> TicketTypeIds, int? UsesLeft, DateTimeOffset? ValidUntil);

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/events/{eventId:guid}/availability", Handle).AllowAnonymous().WithName("GetAvailability");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, [MaxLength(100)] string? code, HttpContext http, Streams streams, CodeTries tries, TimeProvider clock, CancellationToken cancellationToken)
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

        var (known, no) = tries.CodeOf(http, inventory, code is null ? null : PromoCodeTerms.HashOf(eventId, code));
        if (no is not null)
        {
            return no.ToProblem();
        }

        http.Response.Headers.CacheControl = "no-cache";
        var ahead = inventory.Waiting.AnybodyWaits ? Outlook.Of(inventory, now) : null;
        var cancelled = inventory.ClosedBecause is not null;
        return TypedResults.Ok(new Response(
            eventId, terms.Name, terms.StartsAt, terms.EndsAt, terms.Venue, cancelled, now,
            [.. terms.TicketTypes.Where(type => TicketInventory.IsSeen(type, known)).Select(type => Of(type, inventory, ahead, known, now))])
        {
            Code = known is null ? null : new CodeState(
                [.. terms.TicketTypes.Where(known.CountsFor).Select(type => type.TicketTypeId)], inventory.UsesLeft(known, now), known.ValidUntil),
        });
    }

    private static TicketType Of(TicketTerms type, TicketInventory inventory, Outlook? ahead, CodeTerms? code, DateTimeOffset now)
    {
        var until = type.SalesUntil ?? inventory.Terms!.EndsAt;
        var cancelled = inventory.ClosedBecause is not null;
        var free = inventory.FreeFor(type.TicketTypeId, now, ahead);
        var state = cancelled ? SaleState.Cancelled
            : now >= until ? SaleState.Ended
            : now < type.SalesFrom ? SaleState.NotStarted
            : free == 0 ? SaleState.SoldOut
            : SaleState.OnSale;
        var taken = inventory.TakenAt(type.TicketTypeId, now);
        var quote = Pricing.At(type, taken, now);
        var price = code?.Discounts(type.TicketTypeId) is true ? Pricing.Discounted(quote.Price, code) : quote.Price;
        return new TicketType(type.TicketTypeId, type.Name, price, type.Currency, cancelled ? 0 : free, type.PerBuyerLimit, type.SalesFrom, until, state)
        {
            ListPrice = quote.Price,
            RegularPrice = type.Price,
            Tier = quote.Tier,
            Waiting = inventory.Waiting.WaitingFor(type.TicketTypeId).People,
            Ahead = Pricing.Ahead(type, taken, now),
            Bounds = type.PriceRule?.Demand is { } demand ? new PriceBounds(demand.Floor, demand.Ceiling) : null,
        };
    }
}
