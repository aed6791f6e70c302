using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Inventory;

/// <summary>Every price that a ticket of this event ever had, the first one first. Hidden ticket types are in it for those who know a code.</summary>
internal static class GetPriceHistory
{
    /// <param name="Next">Cursor of the next page; null at the end.</param>
    public sealed record Response(IReadOnlyList<PriceChange> Items, string? Next);

    /// <param name="From">In minor units; absent for the first price.</param>
    /// <param name="To">In minor units.</param>
    /// <param name="Tier">The early tier that made the price.</param>
    /// <param name="DemandFrom">The percentage at which the demand step began that made the price.</param>
    /// <param name="Taken">Tickets of the type that were held or sold then.</param>
    public sealed record PriceChange(
        int Number, Guid TicketTypeId, string TicketTypeName, long? From, long To, string Currency, string? Tier, int? DemandFrom, int Taken, DateTimeOffset At);

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/events/{eventId:guid}/prices/history", Handle).AllowAnonymous().WithName("GetPriceHistory");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, Guid? ticketTypeId, [MaxLength(100)] string? code, [AsParameters] PageQuery page, HttpContext http,
        Streams streams, Documents<PriceChangeView> history, CodeTries tries, CancellationToken cancellationToken)
    {
        var (inventory, refusal) = await streams.ReadInventory(eventId, cancellationToken);
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

        object[] seen =
        [
            .. terms.TicketTypes.Where(type => TicketInventory.IsSeen(type, known) && (ticketTypeId ?? type.TicketTypeId) == type.TicketTypeId)
                .Select(type => type.TicketTypeId.ToString()),
        ];
        if (seen.Length == 0)
        {
            return TypedResults.Ok(new Response([], null));
        }

        var found = await history.Query(
            page.ToQuery([new Where.Eq("event", eventId.ToString()), new Where.In("ticketType", seen)], new SortBy("number")), cancellationToken);
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Ok(new Response([.. found.Items.Select(line => Of(line.Body))], found.Next));
    }

    private static PriceChange Of(PriceChangeView line) => new(
        line.Number, line.TicketTypeId, line.TicketTypeName, line.From, line.To, line.Currency, line.Tier, line.DemandFrom, line.Taken, line.At);
}
