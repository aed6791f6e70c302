namespace EventFly.Participants.Inventory;

/// <summary>How the price of a ticket type moves: early tiers that lead up to its own price, or demand steps that lead away from it.</summary>
/// <param name="Tiers">In order. The first that has not ended makes the price; after the last the type's own price holds.</param>
/// <param name="Demand">Null where the price does not follow demand.</param>
public sealed record PriceRule(IReadOnlyList<PriceTier> Tiers, DemandPricing? Demand);

/// <summary>Over at a time, at a count, or at whichever comes first.</summary>
/// <param name="Price">In minor units.</param>
/// <param name="UntilSold">Over once this many tickets of the type are held or sold.</param>
public sealed record PriceTier(string Name, long Price, DateTimeOffset? Until, int? UntilSold)
{
    public bool IsOver(int taken, DateTimeOffset now) => now >= Until || taken >= UntilSold;
}

/// <param name="Floor">In minor units; announced.</param>
/// <param name="Ceiling">In minor units; announced.</param>
/// <param name="Steps">Below the first the type's own price holds.</param>
public sealed record DemandPricing(long Floor, long Ceiling, IReadOnlyList<DemandStep> Steps);

/// <param name="FromPercent">Of the type's quantity, held and sold.</param>
/// <param name="Price">In minor units.</param>
public readonly record struct DemandStep(int FromPercent, long Price)
{
    /// <summary>The step begins once this many tickets are held or sold.</summary>
    public int BeginsAt(int quantity) => (int)(((long)FromPercent * quantity + 99) / 100);
}

/// <summary>What a code is good for. Uses are counted in tickets.</summary>
/// <param name="CodeHash">Of event and code; the code itself is not known here.</param>
/// <param name="PercentOff">Whole percent off each ticket, 1 to 100.</param>
/// <param name="AmountOff">Minor units off each ticket, never more than its price.</param>
/// <param name="AppliesTo">Ticket types that get the discount; null: all.</param>
/// <param name="Unlocks">Hidden ticket types that are seen and sold with it.</param>
/// <param name="UseLimit">Over all buyers; null: no limit.</param>
/// <param name="PerBuyerLimit">For one buyer; null: no limit.</param>
public sealed record CodeTerms(
    Guid CodeId,
    string CodeHash,
    int? PercentOff,
    long? AmountOff,
    IReadOnlyList<Guid>? AppliesTo,
    IReadOnlyList<Guid> Unlocks,
    int? UseLimit,
    int? PerBuyerLimit,
    DateTimeOffset? ValidFrom,
    DateTimeOffset? ValidUntil)
{
    /// <summary>Whether a ticket of this type costs less with the code.</summary>
    public bool Discounts(Guid ticketTypeId) =>
        (PercentOff is not null || AmountOff is not null) && (AppliesTo is null || AppliesTo.Contains(ticketTypeId));

    /// <summary>Whether a ticket of this type is one use of the code.</summary>
    public bool CountsFor(TicketTerms type) => Discounts(type.TicketTypeId) || (type.Hidden && Unlocks.Contains(type.TicketTypeId));
}
