using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
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
        if (wanted is null)
        {
            return fault!.ToProblem();
        }

        var isNew = false;
        var (stored, refusal) = await events.Change(
            eventId.ToString(),
            found => found.IfOwn(user, own =>
            {
                isNew = own.Body.FindPromoCode(promoCodeId) is null;
                return Decide(own, wanted, ifMatch);
            }),
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.SetETag(stored!.Version);
        http.Headers.CacheControl = "private, no-store";
        return isNew ? TypedResults.Created($"/api/events/{eventId}/promo-codes", wanted) : TypedResults.Ok(wanted);
    }

    private static Change<Event> Decide(Document<Event> own, PromoCode wanted, IfMatch ifMatch) => own.Body.FindPromoCode(wanted.PromoCodeId) switch
    {
        { } there when there.SaysTheSameAs(wanted) => Decision.Nothing,
        { } when ifMatch.Refuse(own.Version) is { } refusal => refusal,
        null when ifMatch.RefuseIfSent(own.Version) is { } refusal => refusal,
        _ => own.Body.SetPromoCode(wanted),
    };
}
