namespace EventFly.Events.Tests.Events;

public sealed class GetEventTests(EventsApp app) : IClassFixture<EventsApp>
{
    [Fact]
    public async Task A_draft_is_seen_by_those_of_its_organisation_only_who_prepare_events_or_sales()
    {
        var organization = Guid.CreateVersion7();
        var eventId = await app.Draft(app.Organizer(organization));

        var seen = await app.Organizer(organization, "ticket.manage").GetAsync($"/api/events/{eventId}");
        Assert.Equal("draft", (await seen.Ok()).GetProperty("status").GetString());
        Assert.True(seen.Headers.CacheControl?.NoStore);
        await (await app.Organizer(organization, "checkin.scan").GetAsync($"/api/events/{eventId}")).Refused(404, "event-not-found");
        await (await app.Anybody.GetAsync($"/api/events/{eventId}")).Refused(404, "event-not-found");
        await (await app.CreateClient(app.Tokens.ForParticipant()).GetAsync($"/api/events/{eventId}")).Refused(404, "event-not-found");
    }

    [Fact]
    public async Task A_published_event_is_seen_by_everybody_and_kept_for_a_short_time()
    {
        var eventId = await app.Published(app.Organizer(Guid.CreateVersion7()));

        var seen = await app.Anybody.GetAsync($"/api/events/{eventId}");

        Assert.Equal(("published", 1), ((await seen.Ok()).GetProperty("status").GetString(), (await seen.Ok()).GetProperty("ticketTypes").GetArrayLength()));
        Assert.Equal("public, max-age=10", seen.Headers.CacheControl?.ToString());
        Assert.Equal(["Authorization"], seen.Headers.Vary);
        await (await app.Anybody.Send(HttpMethod.Get, $"/api/events/{eventId}", ifNoneMatch: seen.ETag())).Is(304);
        await (await app.Anybody.Send(HttpMethod.Get, $"/api/events/{eventId}", ifNoneMatch: "\"v1\"")).Ok();
    }

    [Fact]
    public async Task The_online_address_is_not_for_the_public()
    {
        var organization = Guid.CreateVersion7();
        var eventId = await app.Published(app.Organizer(organization));

        var outside = await (await app.Anybody.GetAsync($"/api/events/{eventId}")).Ok();
        var inside = await (await app.Organizer(organization).GetAsync($"/api/events/{eventId}")).Ok();

        Assert.DoesNotContain("secret-room", outside.ToString(), StringComparison.Ordinal);
        Assert.True(outside.GetProperty("isOnline").GetBoolean());
        Assert.Contains("secret-room", inside.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_public_has_in_its_cache_is_no_answer_for_the_organisation()
    {
        var organization = Guid.CreateVersion7();
        var eventId = await app.Published(app.Organizer(organization));
        var tag = (await app.Anybody.GetAsync($"/api/events/{eventId}")).ETag();

        await (await app.Organizer(organization).Send(HttpMethod.Get, $"/api/events/{eventId}", ifNoneMatch: tag)).Ok();
    }

    [Theory]
    [InlineData("0190c0de-0000-7000-8000-000000000000")]
    [InlineData("not-an-id")]
    [InlineData("%20")]
    public async Task An_unknown_event_is_not_found(string id) => await (await app.Anybody.GetAsync($"/api/events/{id}")).Is(404);
}
