using EventFly.BuildingBlocks.Money;
using EventFly.Events.Events;
using static EventFly.Events.Tests.Events.Given;

namespace EventFly.Events.Tests.Events;

public class EventDetailsTests
{
    [Theory]
    [InlineData("  #Open   Air ", "open-air")]
    [InlineData("Rock_n_Roll", "rock-n-roll")]
    [InlineData("Köln", "köln")]
    [InlineData("R&B", "r&b")]
    [InlineData("--", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("<script>", null)]
    [InlineData("a\u0000b", null)]
    [InlineData("12345678901234567890123456789012345678901", null)]
    public void A_tag_has_one_spelling(string? tag, string? normal) => Assert.Equal(normal, Tags.Normalize(tag));

    [Fact]
    public void The_same_tag_counts_once() => Assert.Equal(["open-air", "jazz"], (Details(tags: ["Open Air", "#open-air", "Jazz"]).Checked().Details)!.Tags);

    [Theory]
    [InlineData("Europe/Berlin", true)]
    [InlineData("America/Argentina/Buenos_Aires", true)]
    [InlineData("Etc/GMT+5", true)]
    [InlineData("UTC", true)]
    [InlineData("europe/berlin", false)]
    [InlineData("Mars/Olympus", false)]
    [InlineData("../../etc/passwd", false)]
    [InlineData("/etc/localtime", false)]
    [InlineData("posix/UTC", false)]
    [InlineData("", false)]
    public void A_time_zone_is_one_that_IANA_lists(string zone, bool exists) => Assert.Equal(exists, TimeZones.Exists(zone));

    [Theory]
    [InlineData("EUR", true)]
    [InlineData("JPY", true)]
    [InlineData("XXX", false)]
    [InlineData("XTS", false)]
    [InlineData("XAU", false)]
    [InlineData("DEM", false)]
    [InlineData("eur", false)]
    [InlineData("", false)]
    public void A_currency_is_one_that_people_pay_with(string code, bool exists) => Assert.Equal(exists, Currencies.Exists(code));

    public static TheoryData<string, EventDetails> Faults() => new()
    {
        { "name", Details() with { Name = "  ab  " } },
        { "name", Details() with { Name = "two\nlines" } },
        { "description", Details() with { Description = new string('x', 20_001) } },
        { "endsAt", Details() with { EndsAt = Details().StartsAt } },
        { "timeZone", Details() with { TimeZone = "Mars/Olympus" } },
        { "venue.name", Details(venue: new Venue(" ")) },
        { "venue.address", Details(venue: new Venue("Hall", new string('x', 501))) },
        { "venue.longitude", Details(venue: new Venue("Hall", null, 52)) },
        { "venue.latitude", Details(venue: new Venue("Hall", null, null, 13)) },
        { "venue.latitude", Details(venue: new Venue("Hall", null, 90.1, 13)) },
        { "venue.longitude", Details(venue: new Venue("Hall", null, 52, -180.1)) },
        { "onlineUrl", Details() with { OnlineUrl = "javascript:alert(1)" } },
        { "onlineUrl", Details() with { OnlineUrl = "/relative" } },
        { "bannerUrl", Details() with { BannerUrl = "ftp://example.org/banner.png" } },
        { "bannerUrl", Details() with { BannerUrl = "https://example.org/a b.png" } },
        { "tags[1]", Details(tags: ["fine", "?"]) },
        { "tags", Details(tags: [.. Enumerable.Range(0, 21).Select(number => $"tag{number}")]) },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void What_makes_no_sense_is_refused_and_the_field_is_named(string field, EventDetails details)
    {
        var (accepted, refusal) = details.Checked();

        Assert.Null(accepted);
        Assert.Equal(field, refusal?.Field);
    }

    [Fact]
    public void Details_are_kept_in_one_spelling()
    {
        var start = new DateTimeOffset(2026, 7, 1, 20, 0, 0, TimeSpan.FromHours(2));
        var (details, refusal) = (Details(start, new Venue(" Hall ", "  ", 90, -180), "B", "a") with { Name = " Night ", OnlineUrl = " ", BannerUrl = " https://example.org/b.png" }).Checked();

        Assert.Null(refusal);
        Assert.Equal(("Night", TimeSpan.Zero, start, new Venue("Hall", null, 90, -180)), (details!.Name, details.StartsAt.Offset, details.StartsAt, details.Venue));
        Assert.Equal((null, "https://example.org/b.png"), (details.OnlineUrl, details.BannerUrl));
        Assert.Equal(["b", "a"], details.Tags);
        Assert.True(details.SaysTheSameAs(details with { Tags = [.. details.Tags] }));
        Assert.False(details.SaysTheSameAs(details with { Tags = ["b"] }));
        Assert.False(details.SaysTheSameAs(details with { Description = "Other." }));
    }

    public static TheoryData<string, TicketType> TicketTypeFaults() => new()
    {
        { "ticketTypeId", TicketType(Guid.Empty) },
        { "name", TicketType() with { Name = " " } },
        { "name", TicketType() with { Name = "a\tb" } },
        { "description", TicketType() with { Description = new string('x', 2_001) } },
        { "price", TicketType(price: -1) },
        { "price", TicketType(price: 100_000_001) },
        { "currency", TicketType(currency: "XXX") },
        { "quantity", TicketType(quantity: 0) },
        { "quantity", TicketType(quantity: 1_000_001) },
        { "salesUntil", TicketType() with { SalesFrom = Now, SalesUntil = Now } },
        { "perBuyerLimit", TicketType() with { PerBuyerLimit = 0 } },
        { "perBuyerLimit", TicketType() with { PerBuyerLimit = 101 } },
        { "position", TicketType(position: -1) },
        { "position", TicketType(position: 1_001) },
    };

    [Theory]
    [MemberData(nameof(TicketTypeFaults), DisableDiscoveryEnumeration = true)]
    public void Terms_that_make_no_sense_are_refused_and_the_field_is_named(string field, TicketType ticketType)
    {
        var (accepted, refusal) = ticketType.Checked();

        Assert.Null(accepted);
        Assert.Equal(field, refusal?.Field);
    }

    [Fact]
    public void Terms_at_their_bounds_are_accepted()
    {
        Assert.Null((TicketType(price: 0, currency: "usd", quantity: 1) with { PerBuyerLimit = 1, SalesUntil = Now }).Checked().Refusal);
        Assert.Null((TicketType(price: 100_000_000, quantity: 1_000_000, position: 1_000) with { PerBuyerLimit = 100, SalesFrom = Now, SalesUntil = Now.AddTicks(1) }).Checked().Refusal);
        Assert.Equal("USD", TicketType(currency: "usd").Checked().TicketType!.Currency);
    }
}
