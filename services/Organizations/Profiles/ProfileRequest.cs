using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Organizations.Profiles;

/// <summary>A profile as it is written by clients. Blank is the same as absent.</summary>
public sealed record ProfileRequest(
    [property: Required, MaxLength(120), RegularExpression(@"^\s*[^\s\p{Cc}][^\p{Cc}]*$", ErrorMessage = "A name has at least one letter and no control characters.")] string Name,
    [property: MaxLength(5000), RegularExpression(@"^([^\p{Cc}]|[\r\n\t])*$", ErrorMessage = "A description is plain text.")] string? Description = null,
    [property: MaxLength(300)] string? Website = null,
    [property: MaxLength(254), RegularExpression(@"^\s*([^@\s\p{Cc}]+@[^@\s\p{Cc}]+\.[^@.\s\p{Cc}]+)?\s*$", ErrorMessage = "This is no e-mail address.")] string? ContactEmail = null,
    [property: MaxLength(2)] string? Country = null)
{
    [MaxLength(2_000)]
    public string? LogoUrl { get; init; }

    internal (Profile? Profile, Refusal? Refusal) Read()
    {
        var logo = TextOf(LogoUrl);
        if (logo is not null && (!IsWebAddress(logo) || !logo.StartsWith("https://", StringComparison.OrdinalIgnoreCase)))
        {
            return (null, Refusal.Invalid("logo-malformed", "A logo's address begins with https:// and names a host.", "logoUrl"));
        }

        var website = TextOf(Website);
        if (website is not null && !IsWebAddress(website))
        {
            return (null, Refusal.Invalid("website-malformed", "A website begins with https:// or http:// and names a host.", "website"));
        }

        var country = TextOf(Country)?.ToUpperInvariant();
        if (country is not null && !Countries.Known.Contains(country))
        {
            return (null, Refusal.Invalid("country-unknown", "A country is a two-letter code of ISO 3166-1, like DE.", "country"));
        }

        return (new Profile(Name.Trim(), TextOf(Description), website, TextOf(ContactEmail), country) { LogoUrl = logo }, null);
    }

    private static string? TextOf(string? written) => string.IsNullOrWhiteSpace(written) ? null : written.Trim();

    private static bool IsWebAddress(string website) =>
        Uri.TryCreate(website, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.Host.Length > 0
        && address.UserInfo.Length == 0
        && !website.Any(character => char.IsControl(character) || char.IsWhiteSpace(character));
}
