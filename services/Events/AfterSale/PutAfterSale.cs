using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Events;
using EventFly.Events.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.AfterSale;

/// <summary>Says what buyers may do with an order once it is placed (If-Match: the event's ETag).</summary>
internal static class PutAfterSale
{
    private const int MostHours = 10_000;

    /// <param name="Transfers">Whether a ticket may be handed to another person.</param>
    /// <param name="ChangesUntilHours">Names and answers may be changed until so many hours before the start.</param>
    /// <param name="CancellationUntilHours">Paid tickets may be given back until so many hours before the start; absent: not by the buyer.</param>
    /// <param name="CancellationFeePercent">What of the price stays here.</param>
    public sealed record Request(
        bool Transfers,
        [Range(0, MostHours)] int ChangesUntilHours,
        [Range(0, MostHours)] int? CancellationUntilHours,
        [Range(0, 100)] int CancellationFeePercent = 0);

    public static void Map(RouteGroupBuilder events) =>
        events.MapPut("/{eventId:guid}/after-sale", Handle).RequirePermission("event.edit").WithSummary("Say what may be done with an order");

    private static async Task<Results<Ok<AfterSaleTerms>, ProblemHttpResult>> Handle(
        Guid eventId, Request request, IfMatch ifMatch, Documents<Event> events, CurrentUser user, HttpResponse http, CancellationToken cancellationToken)
    {
        var wanted = new AfterSaleTerms
        {
            Transfers = request.Transfers,
            ChangesUntilHours = request.ChangesUntilHours,
            CancellationUntilHours = request.CancellationUntilHours,
            CancellationFeePercent = request.CancellationFeePercent,
        };
        var (stored, refusal) = await events.Change(
            eventId.ToString(),
            found => found.IfOwn(user, own =>
                own.Body.AfterSale == wanted ? Decision.Nothing
                : ifMatch.Refuse(own.Version) is { } stale ? stale
                : own.Body.SetAfterSale(wanted)),
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.SetETag(stored!.Version);
        return TypedResults.Ok(stored.Body.AfterSale);
    }
}
