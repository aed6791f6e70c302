using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Events.Events;

/// <summary>Who finds a published event.</summary>
public enum Visibility
{
    /// <summary>Everybody, in lists too.</summary>
    Public,

    /// <summary>Whoever has the link.</summary>
    Unlisted,
}

/// <summary>Where it takes place.</summary>
/// <param name="Latitude">Degrees, −90 to 90; with a longitude or not at all.</param>
/// <param name="Longitude">Degrees, −180 to 180.</param>
public sealed record Venue(string Name, string? Address = null, double? Latitude = null, double? Longitude = null);

/// <summary>What an organiser writes about an event.</summary>
/// <param name="Description">Markdown.</param>
/// <param name="TimeZone">IANA name: the zone in which its times are shown.</param>
/// <param name="OnlineUrl">Where it is followed online. For those who take part, not for the public.</param>
public sealed record EventDetails(
    string Name,
    string Description,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string TimeZone,
    Venue? Venue,
    string? OnlineUrl,
    string? BannerUrl,
    IReadOnlyList<string> Tags,
    Visibility Visibility)
{
    public const int MaxDescription = 20_000;

    private const int MaxUrl = 2_000;

    /// <summary>The same details in their one spelling, or why they make no sense.</summary>
    public (EventDetails? Details, Refusal? Refusal) Checked()
    {
        var tags = Tags.Select(Events.Tags.Normalize).ToArray();
        if (Array.IndexOf(tags, null) is >= 0 and var wrong)
        {
            return (null, Refusal.Invalid("tag-invalid", "A tag has 1 to 40 letters and digits.", $"tags[{wrong}]"));
        }

        var tidy = this with
        {
            Name = Name.Trim(),
            Description = Description.Trim(),
            StartsAt = StartsAt.ToUniversalTime(),
            EndsAt = EndsAt.ToUniversalTime(),
            Venue = Venue is { } venue ? venue with { Name = venue.Name.Trim(), Address = Given(venue.Address) } : null,
            OnlineUrl = Given(OnlineUrl),
            BannerUrl = Given(BannerUrl),
            Tags = [.. tags.OfType<string>().Distinct(StringComparer.Ordinal)],
        };
        return tidy.Fault() is { } fault ? (null, fault) : (tidy, null);
    }

    /// <summary>Whether it says the same; lists are compared by what is in them.</summary>
    public bool SaysTheSameAs(EventDetails other) => Tags.SequenceEqual(other.Tags) && this with { Tags = other.Tags } == other;

    private Refusal? Fault() => this switch
    {
        { Name: var name } when name.Length is < 3 or > 200 || name.Any(char.IsControl) =>
            Refusal.Invalid("name-invalid", "An event's name has 3 to 200 characters on one line.", "name"),
        { Description.Length: > MaxDescription } =>
            Refusal.Invalid("description-too-long", "A description has at most 20,000 characters.", "description"),
        { StartsAt: var start, EndsAt: var end } when start >= end =>
            Refusal.Invalid("ends-before-start", "An event must start before it ends.", "endsAt"),
        { TimeZone: var zone } when !TimeZones.Exists(zone) =>
            Refusal.Invalid("time-zone-unknown", "The time zone is a name that IANA lists, like Europe/Berlin.", "timeZone"),
        { Venue.Name: var venue } when venue.Length is 0 or > 200 || venue.Any(char.IsControl) =>
            Refusal.Invalid("venue-name-invalid", "A venue's name has 1 to 200 characters on one line.", "venue.name"),
        { Venue.Address.Length: > 500 } =>
            Refusal.Invalid("venue-address-too-long", "A venue's address has at most 500 characters.", "venue.address"),
        { Venue: { } venue } when venue.Latitude.HasValue != venue.Longitude.HasValue =>
            Refusal.Invalid("coordinates-incomplete", "Give latitude and longitude, or neither.", venue.Latitude.HasValue ? "venue.longitude" : "venue.latitude"),
        { Venue.Latitude: not (null or (>= -90 and <= 90)) } =>
            Refusal.Invalid("latitude-out-of-range", "A latitude is −90 to 90 degrees.", "venue.latitude"),
        { Venue.Longitude: not (null or (>= -180 and <= 180)) } =>
            Refusal.Invalid("longitude-out-of-range", "A longitude is −180 to 180 degrees.", "venue.longitude"),
        { OnlineUrl: { } url } when !IsWebAddress(url) =>
            Refusal.Invalid("url-invalid", "The address begins with https:// or http:// and has at most 2,000 characters.", "onlineUrl"),
        { BannerUrl: { } url } when !IsWebAddress(url) =>
            Refusal.Invalid("url-invalid", "The address begins with https:// or http:// and has at most 2,000 characters.", "bannerUrl"),
        { Tags.Count: > Events.Tags.MaxCount } =>
            Refusal.Invalid("too-many-tags", "An event has at most 20 tags.", "tags"),
        _ => null,
    };

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static bool IsWebAddress(string url) =>
        url.Length <= MaxUrl
        && !url.Any(character => char.IsControl(character) || char.IsWhiteSpace(character))
        && Uri.TryCreate(url, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);
}
