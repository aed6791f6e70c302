using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts.Events;

namespace EventFly.Events.Events;

/// <summary>What others hear of an event: nothing of a draft, all of what is published.</summary>
internal static class Announcements
{
    public static Change<Event> Announced(this Event next, bool isNew = false) => next.Status switch
    {
        EventStatus.Draft => next,
        EventStatus.Cancelled => Change.To(next, new EventCancelled(next.EventId, next.OrganizationId, next.CancellationReason!)),
        _ when isNew => Change.To(next, new EventPublished(
            next.EventId, next.OrganizationId, next.Details.Name, next.Details.StartsAt, next.Details.EndsAt, next.Place(), next.Terms())
        {
            Questions = next.Asked(), AfterSale = next.AfterSale, PromoCodes = next.CodeTerms(), Quotas = next.SharedLimits(),
        }),
        _ => Change.To(next, new EventChanged(
            next.EventId, next.OrganizationId, next.Details.Name, next.Details.StartsAt, next.Details.EndsAt, next.Place(), next.Terms())
        {
            Questions = next.Asked(), AfterSale = next.AfterSale, PromoCodes = next.CodeTerms(), Quotas = next.SharedLimits(),
        }),
    };

    public static string? Place(this Event of) => of.Details.Venue switch
    {
        null => null,
        { Address: null } venue => venue.Name,
        var venue => $"{venue.Name}, {venue.Address}",
    };

    private static QuestionTerms[] Asked(this Event of) =>
    [
        .. of.Questions.Select(question => new QuestionTerms(
            question.QuestionId, question.Text, question.Kind, question.Required, question.MaxLength, question.Choices, question.TicketTypeIds, question.Removed)),
    ];

    private static TicketTypeTerms[] Terms(this Event of) =>
    [
        .. of.TicketTypes.Select(type => new TicketTypeTerms(
            type.TicketTypeId, type.Name, type.Price, type.Currency, type.Quantity, type.SalesFrom, type.SalesUntil, type.PerBuyerLimit)
        {
            Hidden = type.Hidden,
            PriceRule = type.PriceRule?.Terms(),
            QuotaIds = type.QuotaIds,
        }),
    ];

    private static PriceRuleTerms Terms(this PriceRule of) => new(
        [.. of.Tiers.Select(tier => new PriceTierTerms(tier.Name, tier.Price, tier.Until, tier.UntilSold))],
        of.Demand is { } demand
            ? new DemandTerms(demand.Floor, demand.Ceiling, [.. demand.Steps.Select(step => new DemandStepTerms(step.FromPercent, step.Price))])
            : null);

    private static PromoCodeTerms[] CodeTerms(this Event of) =>
    [
        .. of.PromoCodes.Select(code => new PromoCodeTerms(
            code.PromoCodeId, PromoCodeTerms.HashOf(of.EventId, code.Code), code.PercentOff, code.AmountOff, code.AppliesTo, code.Unlocks,
            code.UseLimit, code.PerBuyerLimit, code.ValidFrom, code.ValidUntil)),
    ];

    private static QuotaTerms[] SharedLimits(this Event of) => [.. of.Quotas.Select(quota => new QuotaTerms(quota.QuotaId, quota.Name, quota.Capacity))];
}
