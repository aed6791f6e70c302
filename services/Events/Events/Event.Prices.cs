using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Events.Events;

public sealed partial record Event
{
    public const int MaxPromoCodes = 200;

    public IReadOnlyList<PromoCode> PromoCodes { get; init; } = [];

    private static readonly Refusal BoundsAnnounced = Refusal.Conflict(
        "bounds-announced", "Buyers were told the bounds of this price. They can be narrowed, not widened or taken away.") with { Field = "demand" };

    /// <summary>Gives a kind of ticket a price that moves, or with null a fixed one.</summary>
    public Change<Event> SetPriceRule(Guid ticketTypeId, PriceRule? rule)
    {
        if (Find(ticketTypeId) is not { } type)
        {
            return Refusal.NotFound("ticket-type-not-found", "The event has no such ticket type.");
        }

        return Status switch
        {
            EventStatus.Cancelled => IsCancelled,
            EventStatus.Published when type.PriceRule?.Demand is { } announced && rule?.Demand?.StaysWithin(announced) is not true => BoundsAnnounced,
            _ when rule?.RefuseWith(type.Price) is { } refusal => refusal,
            _ => (this with { TicketTypes = [.. TicketTypes.Select(each => each == type ? type with { PriceRule = rule } : each)] }).Announced(),
        };
    }

    public Change<Event> SetPromoCode(PromoCode wanted)
    {
        var others = PromoCodes.Where(code => code.PromoCodeId != wanted.PromoCodeId).ToArray();
        return Status switch
        {
            _ when FindPromoCode(wanted.PromoCodeId)?.SaysTheSameAs(wanted) is true => Decision.Nothing,
            EventStatus.Cancelled => IsCancelled,
            _ when others.Length == PromoCodes.Count && others.Length >= MaxPromoCodes =>
                Refusal.Conflict("too-many-promo-codes", $"An event has at most {MaxPromoCodes} codes."),
            _ when others.Any(code => code.Code == wanted.Code) =>
                Refusal.Conflict("code-taken", "The event has this code already.") with { Field = "code" },
            _ when Unknown(wanted.AppliesTo ?? [], "appliesTo") is { } refusal => refusal,
            _ when Unknown(wanted.Unlocks, "unlocks") is { } refusal => refusal,
            _ => (this with { PromoCodes = [.. others.Append(wanted).OrderBy(code => code.Code, StringComparer.Ordinal)] }).Announced(),
        };
    }

    public Change<Event> RemovePromoCode(Guid promoCodeId) => Status switch
    {
        _ when FindPromoCode(promoCodeId) is null => Decision.Nothing,
        EventStatus.Cancelled => IsCancelled,
        _ => (this with { PromoCodes = [.. PromoCodes.Where(code => code.PromoCodeId != promoCodeId)] }).Announced(),
    };

    public PromoCode? FindPromoCode(Guid promoCodeId) => PromoCodes.FirstOrDefault(code => code.PromoCodeId == promoCodeId);

    private Refusal? Unknown(IReadOnlyList<Guid> ticketTypeIds, string field)
    {
        for (var index = 0; index < ticketTypeIds.Count; index++)
        {
            if (Find(ticketTypeIds[index]) is null)
            {
                return Refusal.Unprocessable("ticket-type-unknown", "The event has no such ticket type.", $"{field}[{index}]");
            }
        }

        return null;
    }
}
