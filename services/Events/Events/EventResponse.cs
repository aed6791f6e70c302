using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts.Events;

namespace EventFly.Events.Events;

/// <summary>An event as it leaves the house.</summary>
/// <param name="OnlineUrl">For the organisation only; others see <paramref name="IsOnline"/>.</param>
public sealed record EventResponse(
    Guid EventId,
    Guid OrganizationId,
    EventStatus Status,
    string Name,
    string Description,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string TimeZone,
    Venue? Venue,
    bool IsOnline,
    string? OnlineUrl,
    string? BannerUrl,
    IReadOnlyList<string> Tags,
    Visibility Visibility,
    IReadOnlyList<TicketType> TicketTypes,
    DateTimeOffset? PublishedAt,
    DateTimeOffset? CancelledAt,
    string? CancellationReason)
{
    public required IReadOnlyList<Question> Questions { get; init; }

    public required AfterSaleTerms AfterSale { get; init; }

    public IReadOnlyList<Quota> Quotas { get; init; } = [];

    public static EventResponse Of(Event from, bool toItsOrganization) => new(
        from.EventId,
        from.OrganizationId,
        from.Status,
        from.Details.Name,
        from.Details.Description,
        from.Details.StartsAt,
        from.Details.EndsAt,
        from.Details.TimeZone,
        from.Details.Venue,
        from.Details.OnlineUrl is not null,
        toItsOrganization ? from.Details.OnlineUrl : null,
        from.Details.BannerUrl,
        from.Details.Tags,
        from.Details.Visibility,
        toItsOrganization ? from.TicketTypes : [.. from.TicketTypes.Where(type => !type.Hidden)],
        from.PublishedAt,
        from.CancelledAt,
        from.CancellationReason)
    {
        Questions = [.. from.Questions.Where(question => !question.Removed)],
        AfterSale = from.AfterSale,
        Quotas = from.Quotas,
    };
}

/// <summary>An event in a list.</summary>
/// <param name="PriceFrom">The cheapest ticket at its own price, in minor units; null while there are none. An early price may be lower.</param>
/// <param name="PriceTo">The dearest; for a price that follows demand its announced ceiling.</param>
public sealed record EventSummary(
    Guid EventId,
    Guid OrganizationId,
    EventStatus Status,
    string Name,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string TimeZone,
    Venue? Venue,
    bool IsOnline,
    string? BannerUrl,
    IReadOnlyList<string> Tags,
    Visibility Visibility,
    long? PriceFrom,
    long? PriceTo,
    string? Currency)
{
    public static EventSummary Of(Document<Event> stored)
    {
        var (from, types) = (stored.Body, stored.Body.TicketTypes.Where(type => !type.Hidden).ToArray());
        return new(
            from.EventId,
            from.OrganizationId,
            from.Status,
            from.Details.Name,
            from.Details.StartsAt,
            from.Details.EndsAt,
            from.Details.TimeZone,
            from.Details.Venue,
            from.Details.OnlineUrl is not null,
            from.Details.BannerUrl,
            from.Details.Tags,
            from.Details.Visibility,
            types.Min(type => (long?)type.Price),
            types.Max(type => type.PriceRule?.Demand?.Ceiling ?? (long?)type.Price),
            types is [var first, ..] ? first.Currency : null);
    }
}
