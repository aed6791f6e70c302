using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Money;

namespace EventFly.Events.Events;

/// <summary>A kind of ticket and its terms.</summary>
/// <param name="Price">In minor units of the currency; 0 is free.</param>
/// <param name="Currency">ISO 4217, upper case.</param>
/// <param name="SalesFrom">Null: at once.</param>
/// <param name="SalesUntil">Null: until the event ends.</param>
/// <param name="PerBuyerLimit">Null: no limit of its own.</param>
/// <param name="Position">Kinds are shown from the lowest to the highest.</param>
public sealed record TicketType(
    Guid TicketTypeId,
    string Name,
    string? Description,
    long Price,
    string Currency,
    int Quantity,
    DateTimeOffset? SalesFrom,
    DateTimeOffset? SalesUntil,
    int? PerBuyerLimit,
    int Position)
{
    /// <summary>Seen and sold only with a code that unlocks it.</summary>
    public bool Hidden { get; init; }

    /// <summary>Null: the price is fixed.</summary>
    public PriceRule? PriceRule { get; init; }

    public const int MaxPrice = 100_000_000;

    public const int MaxQuantity = 1_000_000;

    public const int MaxPerBuyer = 100;

    public const int MaxQuotaIds = 10;

    /// <summary>The quotas that each ticket counts in, besides the quantity of this type.</summary>
    public IReadOnlyList<Guid> QuotaIds { get; init; } = [];

    /// <summary>The same terms in their one spelling, or why they make no sense.</summary>
    public (TicketType? TicketType, Refusal? Refusal) Checked()
    {
        var tidy = this with
        {
            Name = Name.Trim(),
            Description = string.IsNullOrWhiteSpace(Description) ? null : Description.Trim(),
            Currency = Currency.Trim().ToUpperInvariant(),
            SalesFrom = SalesFrom?.ToUniversalTime(),
            SalesUntil = SalesUntil?.ToUniversalTime(),
            QuotaIds = QuotaIds.Count == 0 ? QuotaIds : [.. QuotaIds.Distinct().Order()],
        };
        return tidy.Fault() is { } fault ? (null, fault) : (tidy, null);
    }

    /// <summary>Whether it says the same; lists are compared by what is in them.</summary>
    public bool SaysTheSameAs(TicketType other) => QuotaIds.SequenceEqual(other.QuotaIds) && this with { QuotaIds = other.QuotaIds } == other;

    private Refusal? Fault() => this switch
    {
        { TicketTypeId: var id } when id == Guid.Empty =>
            Refusal.Invalid("id-empty", "Choose an id of your own, a UUIDv7.", "ticketTypeId"),
        { Name: var name } when name.Length is 0 or > 100 || name.Any(char.IsControl) =>
            Refusal.Invalid("name-invalid", "A ticket type's name has 1 to 100 characters on one line.", "name"),
        { Description.Length: > 2_000 } =>
            Refusal.Invalid("description-too-long", "A ticket type's description has at most 2,000 characters.", "description"),
        { Price: < 0 or > MaxPrice } =>
            Refusal.Invalid("price-out-of-range", "The price is 0 to 100,000,000 minor units.", "price"),
        { Currency: var code } when !Currencies.Exists(code) =>
            Refusal.Invalid("currency-unknown", "The currency is a code of ISO 4217 that is in use, like EUR.", "currency"),
        { Quantity: < 1 or > MaxQuantity } =>
            Refusal.Invalid("quantity-out-of-range", "The quantity is 1 to 1,000,000.", "quantity"),
        { SalesFrom: { } from, SalesUntil: { } until } when from >= until =>
            Refusal.Invalid("sale-window-empty", "The sale must begin before it ends.", "salesUntil"),
        { PerBuyerLimit: < 1 or > MaxPerBuyer } =>
            Refusal.Invalid("limit-out-of-range", "The limit per buyer is 1 to 100.", "perBuyerLimit"),
        { QuotaIds.Count: > MaxQuotaIds } =>
            Refusal.Invalid("too-many-quotas", "A ticket type draws on at most 10 quotas.", "quotaIds"),
        { Position: < 0 or > 1_000 } =>
            Refusal.Invalid("position-out-of-range", "The position is 0 to 1,000.", "position"),
        _ => null,
    };
}
