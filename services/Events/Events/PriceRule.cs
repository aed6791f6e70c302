using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Events.Events;

/// <summary>How a ticket's price moves: early-bird tiers that lead up to it, or demand steps that lead away from it.</summary>
/// <param name="Tiers">In order; the first that has not ended makes the price.</param>
public sealed record PriceRule(IReadOnlyList<PriceTier> Tiers, DemandPricing? Demand)
{
    public const int MaxTiers = 10;

    public const int MaxSteps = 20;

    public bool Equals(PriceRule? other) => other is not null && Tiers.SequenceEqual(other.Tiers) && Demand == other.Demand;

    public override int GetHashCode() => HashCode.Combine(Tiers.Count, Demand);

    /// <summary>The same rule in its one spelling, or why it makes no sense.</summary>
    public (PriceRule? Rule, Refusal? Refusal) Checked()
    {
        var tidy = this with { Tiers = [.. Tiers.Select(tier => tier with { Name = tier.Name?.Trim() ?? "", Until = tier.Until?.ToUniversalTime() })] };
        return tidy.Fault() is { } fault ? (null, fault) : (tidy, null);
    }

    /// <summary>Whether the ticket type's own price fits: tiers lead up to it, demand starts from it.</summary>
    public Refusal? RefuseWith(long price) => this switch
    {
        { Tiers: [.., var last] } when last.Price > price =>
            Refusal.Unprocessable("tier-above-price", "An early price must not be above the price that follows.", $"tiers[{Tiers.Count - 1}].price"),
        { Demand: { } demand } when price < demand.Floor || price > demand.Ceiling =>
            Refusal.Unprocessable("price-out-of-bounds", "The ticket type's own price must be within the bounds.", price < demand.Floor ? "demand.floor" : "demand.ceiling"),
        { Demand.Steps: [var first, ..] } when first.Price < price =>
            Refusal.Unprocessable("step-prices-fall", "Demand never makes a ticket cheaper than the ticket type's own price.", "demand.steps[0].price"),
        _ => null,
    };

    private Refusal? Fault() => this switch
    {
        { Tiers.Count: 0, Demand: null } =>
            Refusal.Invalid("price-rule-empty", "Give tiers or demand. To have a fixed price, delete the rule.", "tiers"),
        { Tiers.Count: > 0, Demand: not null } =>
            Refusal.Invalid("price-rule-ambiguous", "A price has early tiers or follows demand, not both.", "demand"),
        { Tiers.Count: > MaxTiers } =>
            Refusal.Invalid("too-many-tiers", "A price has at most 10 tiers.", "tiers"),
        { Demand: { } demand } => demand.Fault(),
        _ => TierFault(),
    };

    private Refusal? TierFault()
    {
        (long Price, DateTimeOffset? Until, int? UntilSold) before = (0, null, null);
        for (var index = 0; index < Tiers.Count; index++)
        {
            var tier = Tiers[index];
            var fault = tier switch
            {
                { Name: var name } when name.Length is 0 or > 60 || name.Any(char.IsControl) =>
                    ("name-invalid", "A tier's name has 1 to 60 characters on one line.", "name"),
                { Price: < 0 or > TicketType.MaxPrice } =>
                    ("price-out-of-range", "The price is 0 to 100,000,000 minor units.", "price"),
                { Until: null, UntilSold: null } =>
                    ("tier-endless", "Say until when or until how many sold the tier lasts.", "until"),
                { UntilSold: < 1 or > TicketType.MaxQuantity } =>
                    ("count-out-of-range", "A tier lasts until 1 to 1,000,000 are sold.", "untilSold"),
                { Price: var price } when price < before.Price =>
                    ("tier-prices-fall", "Prices do not fall from one tier to the next.", "price"),
                { Until: { } until } when until <= before.Until =>
                    ("tiers-out-of-order", "A tier must end after the one before it.", "until"),
                { UntilSold: { } count } when count <= before.UntilSold =>
                    ("tiers-out-of-order", "A tier must end after the one before it.", "untilSold"),
                _ => default((string Code, string Message, string Field)?),
            };
            if (fault is { } found)
            {
                return Refusal.Invalid(found.Code, found.Message, $"tiers[{index}].{found.Field}");
            }

            before = (tier.Price, tier.Until ?? before.Until, tier.UntilSold ?? before.UntilSold);
        }

        return null;
    }
}

/// <summary>A price that ends at a time, at a count, or at whichever comes first.</summary>
/// <param name="Price">In minor units.</param>
/// <param name="UntilSold">Over once this many tickets of the type are held or sold.</param>
public sealed record PriceTier(string Name, long Price, DateTimeOffset? Until, int? UntilSold);

/// <summary>A price that follows demand, between bounds that are announced and kept.</summary>
/// <param name="Floor">In minor units.</param>
/// <param name="Ceiling">In minor units.</param>
public sealed record DemandPricing(long Floor, long Ceiling, IReadOnlyList<DemandStep> Steps)
{
    public bool Equals(DemandPricing? other) => other is not null && (Floor, Ceiling) == (other.Floor, other.Ceiling) && Steps.SequenceEqual(other.Steps);

    public override int GetHashCode() => HashCode.Combine(Floor, Ceiling, Steps.Count);

    /// <summary>Whether buyers who know the other bounds are still told the truth.</summary>
    public bool StaysWithin(DemandPricing announced) => Floor >= announced.Floor && Ceiling <= announced.Ceiling;

    internal Refusal? Fault()
    {
        if (Floor is < 0 or > TicketType.MaxPrice)
        {
            return Refusal.Invalid("price-out-of-range", "The floor is 0 to 100,000,000 minor units.", "demand.floor");
        }

        if (Ceiling < Floor || Ceiling > TicketType.MaxPrice)
        {
            return Refusal.Invalid("price-out-of-range", "The ceiling is not below the floor, and at most 100,000,000 minor units.", "demand.ceiling");
        }

        if (Steps.Count is 0 or > PriceRule.MaxSteps)
        {
            return Refusal.Invalid("steps-miscounted", "Demand has 1 to 20 steps.", "demand.steps");
        }

        var before = new DemandStep(0, Floor);
        for (var index = 0; index < Steps.Count; index++)
        {
            var step = Steps[index];
            if (step.FromPercent <= before.FromPercent || step.FromPercent > 99)
            {
                return Refusal.Invalid(
                    "steps-out-of-order", "Steps begin at 1 to 99 percent, each later than the one before it.", $"demand.steps[{index}].fromPercent");
            }

            if (step.Price < before.Price || step.Price > Ceiling)
            {
                return step.Price > Ceiling || step.Price < Floor
                    ? Refusal.Invalid("price-out-of-bounds", "A step's price must be within the bounds.", $"demand.steps[{index}].price")
                    : Refusal.Invalid("step-prices-fall", "Prices do not fall from one step to the next.", $"demand.steps[{index}].price");
            }

            before = step;
        }

        return null;
    }
}

/// <param name="FromPercent">Held and sold, in percent of the type's quantity, 1 to 99.</param>
/// <param name="Price">In minor units.</param>
public readonly record struct DemandStep(int FromPercent, long Price);
