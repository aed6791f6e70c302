using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Events.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.PromoCodes;

/// <summary>Adds a code under the client's id, or changes what it is good for (If-Match: the event's ETag). Uses so far keep counting.</summary>
internal static class PutPromoCode
{
    /// <param name="Code">Capitals do not matter.</param>
    /// <param name="PercentOff">Whole percent off each ticket.</param>
    /// <param name="AmountOff">Minor units off each ticket.</param>
    /// <param name="AppliesTo">Ticket types that get the discount; without it all.</param>
    /// <param name="Unlocks">Hidden ticket types that are seen and sold with it.</param>
    /// <param name="UseLimit">Tickets, over all buyers.</param>
    /// <param name="PerBuyerLimit">Tickets for one buyer.</param>
    public sealed record Request(
        [Length(1, 100)] string Code,
        [Range(1, 100)] int? PercentOff,
        [Range(1.0, TicketType.MaxPrice)] long? AmountOff,
        [MaxLength(Event.MaxTicketTypes)] IReadOnlyList<Guid>? AppliesTo,
        [MaxLength(Event.MaxTicketTypes)] IReadOnlyList<Guid>? Unlocks,
        [Range(1, TicketType.MaxQuantity)] int? UseLimit,
        [Range(1, TicketType.MaxPerBuyer)] int? PerBuyerLimit,
        DateTimeOffset? ValidFrom,
        DateTimeOffset? ValidUntil);

    public static void Map(RouteGroupBuilder promoCodes) =>
        promoCodes.MapPut("/{promoCodeId:guid}", Handle).RequirePermission("ticket.manage").WithSummary("Add or change a code");

    private static async Task<Results<Created<PromoCode>, Ok<PromoCode>, ProblemHttpResult>> Handle(
        Guid eventId, Guid promoCodeId, Request request, IfMatch ifMatch, Documents<Event> events, CurrentUser user, HttpResponse http, CancellationToken cancellationToken)
    {
        var (wanted, fault) = new PromoCode(
            promoCodeId, request.Code, request.PercentOff, request.AmountOff, request.AppliesTo, request.Unlocks ?? [], request.UseLimit, request.PerBuyerLimit,
            request.ValidFrom, request.ValidUntil).Checked();
        http.Headers.CacheControl = "private, no-store";
        return wanted is null
            ? fault!.ToProblem()
            : await events.PutPart(
                eventId, own => own.FindPromoCode(promoCodeId), own => own.SetPromoCode(wanted), ifMatch, user, http, cancellationToken, "/promo-codes");
    }
}
