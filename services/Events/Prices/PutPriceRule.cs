using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Events.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Prices;

/// <summary>Says how a ticket's price moves: early-bird tiers or demand steps (If-Match: the event's ETag). What is held or sold keeps its price.</summary>
internal static class PutPriceRule
{
    public sealed record Request([MaxLength(PriceRule.MaxTiers)] IReadOnlyList<Tier>? Tiers, Demand? Demand);

    /// <param name="Price">In minor units.</param>
    /// <param name="UntilSold">Over once this many tickets of the type are held or sold.</param>
    public readonly record struct Tier(
        [Length(1, 60)] string Name, [Range(0.0, TicketType.MaxPrice)] long Price, DateTimeOffset? Until, [Range(1, TicketType.MaxQuantity)] int? UntilSold);

    /// <param name="Floor">In minor units; buyers are told.</param>
    /// <param name="Ceiling">In minor units; buyers are told.</param>
    public sealed record Demand(
        [Range(0.0, TicketType.MaxPrice)] long Floor,
        [Range(0.0, TicketType.MaxPrice)] long Ceiling,
        [Length(1, PriceRule.MaxSteps)] IReadOnlyList<Step> Steps);

    /// <param name="FromPercent">Held and sold, in percent of the type's quantity.</param>
    /// <param name="Price">In minor units.</param>
    public readonly record struct Step([Range(1, 99)] int FromPercent, [Range(0.0, TicketType.MaxPrice)] long Price);

    public static void Map(RouteGroupBuilder ticketTypes) =>
        ticketTypes.MapPut("/{ticketTypeId:guid}/price-rule", Handle).RequirePermission("ticket.manage").WithSummary("Set how a price moves");

    private static async Task<Results<Ok<TicketType>, ProblemHttpResult>> Handle(
        Guid eventId, Guid ticketTypeId, Request request, IfMatch ifMatch, Documents<Event> events, CurrentUser user, HttpResponse http, CancellationToken cancellationToken)
    {
        var (rule, fault) = new PriceRule(
            [.. (request.Tiers ?? []).Select(tier => new PriceTier(tier.Name, tier.Price, tier.Until, tier.UntilSold))],
            request.Demand is { } demand
                ? new DemandPricing(demand.Floor, demand.Ceiling, [.. demand.Steps.Select(step => new DemandStep(step.FromPercent, step.Price))])
                : null).Checked();
        if (rule is null)
        {
            return fault!.ToProblem();
        }

        var (stored, refusal) = await events.Change(
            eventId.ToString(), found => found.IfOwn(user, own => Decide(own, ticketTypeId, rule, ifMatch)), cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.SetETag(stored!.Version);
        return TypedResults.Ok(stored.Body.Find(ticketTypeId)!);
    }

    private static Change<Event> Decide(Document<Event> own, Guid ticketTypeId, PriceRule rule, IfMatch ifMatch) => own.Body.Find(ticketTypeId) switch
    {
        { PriceRule: { } there } when there == rule => Decision.Nothing,
        not null when ifMatch.Refuse(own.Version) is { } refusal => refusal,
        _ => own.Body.SetPriceRule(ticketTypeId, rule),
    };
}
