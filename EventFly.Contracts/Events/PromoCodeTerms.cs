using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EventFly.Contracts.Events;

/// <summary>What a code is good for. The code itself stays with its organiser: others know it by its hash.</summary>
/// <param name="CodeHash">See <see cref="HashOf"/>.</param>
/// <param name="PercentOff">Whole percent off each ticket's price, 1 to 100. Null: no percentage.</param>
/// <param name="AmountOff">Minor units off each ticket's price, never more than the price. Null: no fixed amount.</param>
/// <param name="AppliesTo">Ticket types that get the discount. Null: all.</param>
/// <param name="Unlocks">Hidden ticket types that are seen and sold with this code.</param>
/// <param name="UseLimit">Tickets that may be had with it, over all buyers. Null: no limit.</param>
/// <param name="PerBuyerLimit">Tickets that one buyer may have with it. Null: no limit.</param>
/// <param name="ValidFrom">Null: at once.</param>
/// <param name="ValidUntil">Null: as long as tickets are sold.</param>
public sealed record PromoCodeTerms(
    Guid PromoCodeId,
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
    /// <summary>The one spelling of a code: capitals and the space around it do not matter.</summary>
    public static string Spelling(string code) => code.Trim().ToUpperInvariant();

    /// <summary>What is said and stored in a code's place: SHA-256 of event and spelling, hexadecimal.</summary>
    public static string HashOf(Guid eventId, string code) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{eventId:N}:{Spelling(code)}"))));
}
