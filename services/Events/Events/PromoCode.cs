using EventFly.BuildingBlocks.Decisions;
using EventFly.Contracts.Events;

namespace EventFly.Events.Events;

/// <summary>A code that makes tickets cheaper, unlocks hidden ones, or both. Uses are counted in tickets.</summary>
/// <param name="Code">In capitals. Only the organisation ever sees it again.</param>
/// <param name="PercentOff">Whole percent off each ticket, 1 to 100.</param>
/// <param name="AmountOff">Minor units off each ticket, never more than its price.</param>
/// <param name="AppliesTo">Ticket types that get the discount; null: all.</param>
/// <param name="Unlocks">Hidden ticket types that are seen and sold with it.</param>
/// <param name="UseLimit">Tickets, over all buyers; null: no limit.</param>
/// <param name="PerBuyerLimit">Tickets for one buyer; null: no limit.</param>
public sealed record PromoCode(
    Guid PromoCodeId,
    string Code,
    int? PercentOff,
    long? AmountOff,
    IReadOnlyList<Guid>? AppliesTo,
    IReadOnlyList<Guid> Unlocks,
    int? UseLimit,
    int? PerBuyerLimit,
    DateTimeOffset? ValidFrom,
    DateTimeOffset? ValidUntil)
{
    public const int MaxLength = 40;

    /// <summary>Whether it says the same; lists are compared by what is in them.</summary>
    public bool SaysTheSameAs(PromoCode other) =>
        this with { AppliesTo = null, Unlocks = other.Unlocks } == other with { AppliesTo = null }
        && Unlocks.SequenceEqual(other.Unlocks)
        && (AppliesTo is null ? other.AppliesTo is null : other.AppliesTo is not null && AppliesTo.SequenceEqual(other.AppliesTo));

    /// <summary>The same code in its one spelling, or why it makes no sense.</summary>
    public (PromoCode? PromoCode, Refusal? Refusal) Checked()
    {
        var tidy = this with
        {
            Code = PromoCodeTerms.Spelling(Code),
            AppliesTo = AppliesTo is { } some ? [.. some.Distinct()] : null,
            Unlocks = [.. Unlocks.Distinct()],
            ValidFrom = ValidFrom?.ToUniversalTime(),
            ValidUntil = ValidUntil?.ToUniversalTime(),
        };
        return tidy.Fault() is { } fault ? (null, fault) : (tidy, null);
    }

    private Refusal? Fault() => this switch
    {
        { PromoCodeId: var id } when id == Guid.Empty =>
            Refusal.Invalid("id-empty", "Choose an id of your own, a UUIDv7.", "promoCodeId"),
        { Code: var code } when code.Length is < 3 or > MaxLength || !code.All(letter => letter is (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_') =>
            Refusal.Invalid("code-invalid", "A code has 3 to 40 of the letters A to Z, digits, - and _.", "code"),
        { PercentOff: < 1 or > 100 } =>
            Refusal.Invalid("percent-out-of-range", "The discount is 1 to 100 whole percent.", "percentOff"),
        { AmountOff: < 1 or > TicketType.MaxPrice } =>
            Refusal.Invalid("amount-out-of-range", "The discount is 1 to 100,000,000 minor units.", "amountOff"),
        { PercentOff: not null, AmountOff: not null } =>
            Refusal.Invalid("discount-ambiguous", "Give a percentage or an amount, not both.", "amountOff"),
        { PercentOff: null, AmountOff: null, Unlocks.Count: 0 } =>
            Refusal.Invalid("code-does-nothing", "A code gives a discount, unlocks ticket types, or both.", "percentOff"),
        { AppliesTo: { Count: 0 or > Event.MaxTicketTypes } } =>
            Refusal.Invalid("applies-to-miscounted", "Name 1 to 50 ticket types, or leave the list out for all.", "appliesTo"),
        { AppliesTo: not null, PercentOff: null, AmountOff: null } =>
            Refusal.Invalid("applies-to-nothing", "Without a discount there is nothing that applies to some ticket types.", "appliesTo"),
        { Unlocks.Count: > Event.MaxTicketTypes } =>
            Refusal.Invalid("unlocks-miscounted", "A code unlocks at most 50 ticket types.", "unlocks"),
        { UseLimit: < 1 or > TicketType.MaxQuantity } =>
            Refusal.Invalid("limit-out-of-range", "The limit is 1 to 1,000,000 tickets.", "useLimit"),
        { PerBuyerLimit: < 1 or > TicketType.MaxPerBuyer } =>
            Refusal.Invalid("limit-out-of-range", "The limit per buyer is 1 to 100 tickets.", "perBuyerLimit"),
        { ValidFrom: { } from, ValidUntil: { } until } when from >= until =>
            Refusal.Invalid("code-window-empty", "The code must become valid before it ends.", "validUntil"),
        _ => null,
    };
}
