namespace EventFly.Contracts.Events;

/// <summary>How the price of a kind of ticket moves, as it was announced: early-bird tiers or demand steps, never both.</summary>
/// <param name="Tiers">In order. The first that has not ended makes the price; after the last the ticket type's own price holds.</param>
/// <param name="Demand">Null where the price does not follow demand.</param>
public sealed record PriceRuleTerms(IReadOnlyList<PriceTierTerms> Tiers, DemandTerms? Demand);

/// <summary>A price that ends at a time, at a count, or at whichever comes first.</summary>
/// <param name="Price">In minor units.</param>
/// <param name="Until">From this moment on the tier is over. Null: no matter when.</param>
/// <param name="UntilSold">Over once this many tickets of the type are held or sold. Null: no matter how many.</param>
public sealed record PriceTierTerms(string Name, long Price, DateTimeOffset? Until, int? UntilSold);

/// <summary>A price that follows demand. Below the first step the ticket type's own price holds.</summary>
/// <param name="Floor">In minor units; the price is never lower.</param>
/// <param name="Ceiling">In minor units; the price is never higher.</param>
/// <param name="Steps">From the lowest share to the highest; prices never fall from one to the next.</param>
public sealed record DemandTerms(long Floor, long Ceiling, IReadOnlyList<DemandStepTerms> Steps);

/// <summary>The price from a share of the type's tickets on.</summary>
/// <param name="FromPercent">Held and sold, in whole percent of the type's quantity, 1 to 99.</param>
/// <param name="Price">In minor units.</param>
public sealed record DemandStepTerms(int FromPercent, long Price);
