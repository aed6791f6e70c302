using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Events;

namespace EventFly.Participants.Inventory;

internal sealed class WhenEventPublished(Streams streams, TimeProvider clock) : IHandle<EventPublished>
{
    public async Task Handle(EventPublished message, MessageContext context, CancellationToken cancellationToken)
    {
        var terms = new EventTerms(
            message.EventId, message.OrganizationId, message.Name, message.StartsAt, message.EndsAt, message.Venue, [.. message.TicketTypes.Select(TermsOf)])
        {
            Quotas = [.. message.Quotas.Select(QuotaOf)],
            Codes = [.. message.PromoCodes.Select(CodeOf)],
        };
        (await streams.DecideInventory(message.EventId, inventory => inventory.Announce(terms, context.Sequence, clock.GetUtcNow()), cancellationToken)).OrThrow();
    }

    internal static TicketTerms TermsOf(TicketTypeTerms type) => new(
        type.TicketTypeId, type.Name, type.Price, type.Currency, type.Quantity, type.SalesFrom, type.SalesUntil, type.PerBuyerLimit)
    {
        QuotaIds = type.QuotaIds,
        Hidden = type.Hidden,
        PriceRule = type.PriceRule is { } rule
            ? new PriceRule(
                [.. rule.Tiers.Select(tier => new PriceTier(tier.Name, tier.Price, tier.Until, tier.UntilSold))],
                rule.Demand is { } demand
                    ? new DemandPricing(demand.Floor, demand.Ceiling, [.. demand.Steps.Select(step => new DemandStep(step.FromPercent, step.Price))])
                    : null)
            : null,
    };

    internal static CodeTerms CodeOf(PromoCodeTerms code) => new(
        code.PromoCodeId, code.CodeHash, code.PercentOff, code.AmountOff, code.AppliesTo, code.Unlocks, code.UseLimit, code.PerBuyerLimit, code.ValidFrom, code.ValidUntil);

    internal static QuotaTerms QuotaOf(Contracts.Events.QuotaTerms quota) => new(quota.QuotaId, quota.Name, quota.Capacity);
}
