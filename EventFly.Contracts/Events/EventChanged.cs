namespace EventFly.Contracts.Events;

/// <summary>A published event was edited. Carries the whole of it, so that the last one heard is enough.</summary>
[Contract("events", "EventChanged")]
public sealed record EventChanged(
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
