namespace EventFly.Contracts.Events;

/// <summary>An event is on sale, with everything that a sale needs to know.</summary>
[Contract("events", "EventPublished")]
public sealed record EventPublished(
    Guid EventId,
    Guid OrganizationId,
    string Name,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string? Venue,
    IReadOnlyList<TicketTypeTerms> TicketTypes)
{
    /// <summary>In the order in which they are asked.</summary>
    public IReadOnlyList<QuestionTerms> Questions { get; init; } = [];

    /// <summary>What may be done with an order once it is placed.</summary>
    public AfterSaleTerms AfterSale { get; init; } = new();

    /// <summary>Limits that several ticket types share.</summary>
    public IReadOnlyList<QuotaTerms> Quotas { get; init; } = [];

    /// <summary>Codes that change prices or unlock hidden ticket types.</summary>
    public IReadOnlyList<PromoCodeTerms> PromoCodes { get; init; } = [];
}

/// <summary>The terms of one kind of ticket.</summary>
/// <param name="Price">In minor units of the currency; 0 is free.</param>
/// <param name="Currency">ISO 4217, upper case.</param>
/// <param name="SalesFrom">Null: at once.</param>
/// <param name="SalesUntil">Null: until the event ends.</param>
/// <param name="PerBuyerLimit">Null: no limit of its own.</param>
public sealed record TicketTypeTerms(
    Guid TicketTypeId,
    string Name,
    long Price,
    string Currency,
    int Quantity,
    DateTimeOffset? SalesFrom,
    DateTimeOffset? SalesUntil,
    int? PerBuyerLimit)
{
    /// <summary>Seen and sold only with a code that unlocks it.</summary>
    public bool Hidden { get; init; }

    /// <summary>Null: the price is fixed.</summary>
    public PriceRuleTerms? PriceRule { get; init; }

    /// <summary>The quotas that each ticket of this kind counts in, besides its own quantity.</summary>
    public IReadOnlyList<Guid> QuotaIds { get; init; } = [];
}

/// <summary>A limit that several kinds of tickets share, like the seats of a hall.</summary>
/// <param name="Capacity">Tickets of all kinds together.</param>
public sealed record QuotaTerms(Guid QuotaId, string Name, int Capacity);
