using System.ComponentModel.DataAnnotations;
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
        return wanted is null
            ? fault!.ToProblem()
            : await events.PutPart(
                eventId, own => own.Find(ticketTypeId), own => own.SetTicketType(wanted), ifMatch, user, http, cancellationToken);
    }
}
