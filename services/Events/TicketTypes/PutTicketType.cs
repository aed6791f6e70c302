using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Events.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.TicketTypes;

/// <summary>Adds a kind of ticket under the client's id, or changes its terms (If-Match: the event's ETag). New terms count for new holds.</summary>
internal static class PutTicketType
{
    public sealed record Request(
        [Length(1, 100)] string Name,
        [MaxLength(2_000)] string? Description,
        [Range(0.0, TicketType.MaxPrice)] long Price,
        [Length(3, 3)] string Currency,
        [Range(1, TicketType.MaxQuantity)] int Quantity,
        DateTimeOffset? SalesFrom,
        DateTimeOffset? SalesUntil,
        [Range(1, TicketType.MaxPerBuyer)] int? PerBuyerLimit,
        [Range(0, 1_000)] int Position = 0)
    {
        /// <summary>Seen and sold only with a code that unlocks it.</summary>
        public bool Hidden { get; init; }

        [MaxLength(TicketType.MaxQuotaIds)]
        public IReadOnlyList<Guid>? QuotaIds { get; init; }
    }

    public static void Map(RouteGroupBuilder ticketTypes) =>
        ticketTypes.MapPut("/{ticketTypeId:guid}", Handle).RequirePermission("ticket.manage").WithSummary("Add or change a ticket type");

    private static async Task<Results<Created<TicketType>, Ok<TicketType>, ProblemHttpResult>> Handle(
        Guid eventId, Guid ticketTypeId, Request request, IfMatch ifMatch, Documents<Event> events, CurrentUser user, HttpResponse http, CancellationToken cancellationToken)
    {
        var (wanted, fault) = new TicketType(
            ticketTypeId, request.Name, request.Description, request.Price, request.Currency, request.Quantity, request.SalesFrom, request.SalesUntil,
            request.PerBuyerLimit, request.Position) { Hidden = request.Hidden, QuotaIds = request.QuotaIds ?? [] }.Checked();
        if (wanted is null)
        {
            return fault!.ToProblem();
        }

        var isNew = false;
        var (stored, refusal) = await events.Change(
            eventId.ToString(),
            found => found.IfOwn(user, own =>
            {
                isNew = own.Body.Find(ticketTypeId) is null;
                return Decide(own, wanted, ifMatch);
            }),
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.SetETag(stored!.Version);
        var ticketType = stored.Body.Find(ticketTypeId) ?? wanted;
        return isNew ? TypedResults.Created($"/api/events/{eventId}", ticketType) : TypedResults.Ok(ticketType);
    }

    private static Change<Event> Decide(Document<Event> own, TicketType wanted, IfMatch ifMatch)
    {
        var there = own.Body.Find(wanted.TicketTypeId);
        wanted = wanted with { PriceRule = there?.PriceRule };
        return there switch
        {
            not null when there.SaysTheSameAs(wanted) => Decision.Nothing,
            not null when ifMatch.Refuse(own.Version) is { } refusal => refusal,
            null when ifMatch.RefuseIfSent(own.Version) is { } refusal => refusal,
            _ => own.Body.SetTicketType(wanted),
        };
    }
}
