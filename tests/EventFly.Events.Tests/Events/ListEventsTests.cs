using System.Text.Json;

namespace EventFly.Events.Tests.Events;

public sealed class ListEventsTests : IDisposable
{
    private readonly EventsApp app = new();
    private readonly Guid organization = Guid.CreateVersion7();
    private readonly HttpClient organizer;

    public ListEventsTests() => organizer = app.Organizer(organization);

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task Only_public_events_that_have_not_ended_are_listed_the_next_one_first()
    {
        await Publish("Later", 9);
        await Publish("Sooner", 3);
        await Publish("Ongoing", 0.001);
        await Publish("Ended", 0.002, lastsHours: 0.01);
        await Publish("Unlisted", 4, change: body => body["visibility"] = "unlisted");
        await app.Draft(organizer, app.Body("Draft", 5));
        var cancelled = await Publish("Cancelled", 6);
        await (await organizer.Send(HttpMethod.Post, $"/api/events/{cancelled}/cancellation", new { reason = "Storm" })).Ok();
        app.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(["Ongoing", "Sooner", "Later"], Names(await List("/api/events")));
    }

    [Fact]
    public async Task Pages_over_ties_lose_nothing_and_repeat_nothing()
    {
        for (var number = 0; number < 11; number++)
        {
            await Publish($"Event {number}", number < 8 ? 10 : 11);
        }

        var names = new List<string?>();
        var pages = 0;
        for (string? next = null; pages == 0 || next is not null; pages++)
        {
            var page = await List($"/api/events?limit=3{(next is null ? "" : $"&after={next}")}");
            names.AddRange(Names(page));
            next = page.TryGetProperty("next", out var cursor) ? cursor.GetString() : null;
        }

        Assert.Equal(4, pages);
        Assert.Equal(11, names.Count);
        Assert.Equal(11, names.Distinct().Count());
        Assert.Equal(["Event 10", "Event 8", "Event 9"], names[8..].Order());
    }

    [Theory]
    [InlineData("tag=JAZZ", "Alpha", "Beta")]
    [InlineData("tag=jazz&tag=open%20air", "Alpha")]
    [InlineData("tag=polka")]
    [InlineData("name=al", "Alpha", "ALPINE")]
    [InlineData("name=%25")]
    [InlineData("near=50,10,55,15", "Alpha")]
    [InlineData("near=-20,170,-10,-170", "Beta")]
    [InlineData("near=0,0,1,1")]
    [InlineData("from=2026-06-12T00:00:00Z", "Beta", "ALPINE")]
    [InlineData("to=2026-06-12T00:00:00Z", "Alpha")]
    [InlineData("from=2026-06-12T00:00:00Z&to=2026-06-22T00:00:00Z&name=b", "Beta")]
    [InlineData("organizationId=0190c0de-0000-7000-8000-000000000000")]
    public async Task Lists_are_narrowed_down(string filter, params string[] names)
    {
        await Publish("Alpha", 10, change: body => body["tags"] = new[] { "jazz", "open-air" });
        await Publish("Beta", 20, change: body =>
        {
            body["tags"] = new[] { "jazz" };
            body["venue"] = new { name = "Reef", latitude = -17.0, longitude = 179.5 };
        });
        await Publish("ALPINE", 30, change: body => (body["tags"], body["venue"]) = (null, null));

        Assert.Equal(names, Names(await List($"/api/events?{filter}")));
    }

    [Fact]
    public async Task The_list_of_one_organisation_holds_its_events_alone()
    {
        await Publish("Mine", 10);
        await app.Published(app.Organizer(Guid.CreateVersion7()), app.Body("Other"));

        Assert.Equal(["Mine"], Names(await List($"/api/events?organizationId={organization}")));
    }

    [Theory]
    [InlineData("?state=upcoming", "Soon", "Upcoming")]
    [InlineData("?state=ongoing", "Ongoing")]
    [InlineData("?state=past", "Past")]
    [InlineData("?state=draft", "Draft")]
    [InlineData("?state=cancelled", "Cancelled")]
    [InlineData("", "Upcoming", "Cancelled", "Draft", "Soon", "Ongoing", "Past")]
    public async Task An_organisation_sees_all_of_its_own_by_state(string state, params string[] names)
    {
        await Publish("Past", 1, lastsHours: 12);
        await Publish("Ongoing", 2, lastsHours: 24);
        await Publish("Soon", 2.5);
        await app.Draft(organizer, app.Body("Draft", 3));
        var cancelled = await Publish("Cancelled", 4);
        await (await organizer.Send(HttpMethod.Post, $"/api/events/{cancelled}/cancellation", new { reason = "Storm" })).Ok();
        await Publish("Upcoming", 5, change: body => body["visibility"] = "unlisted");
        await app.Published(app.Organizer(Guid.CreateVersion7()), app.Body("Other"));
        app.Clock.Advance(TimeSpan.FromDays(2));

        Assert.Equal(names, Names(await (await app.Organizer(organization, "event.edit").GetAsync($"/api/events/mine{state}")).Ok()));
    }

    [Fact]
    public async Task The_own_list_is_for_organisations()
    {
        await (await app.Anybody.GetAsync("/api/events/mine")).Refused(401, "unauthenticated");
        await (await app.CreateClient(app.Tokens.ForParticipant()).GetAsync("/api/events/mine")).Refused(403, "forbidden");
        await (await organizer.GetAsync("/api/events/mine?state=sleeping")).Is(400);
    }

    [Fact]
    public async Task An_entry_says_what_tickets_cost()
    {
        var eventId = await Publish("Priced", 10);
        await (await organizer.Send(HttpMethod.Put, $"/api/events/{eventId}/ticket-types/{Guid.CreateVersion7()}", EventsApp.Terms(9_900))).Created();

        var entry = (await List("/api/events")).GetProperty("items")[0];

        Assert.Equal((2_500, 9_900, "EUR"), (entry.GetProperty("priceFrom").GetInt64(), entry.GetProperty("priceTo").GetInt64(), entry.GetProperty("currency").GetString()));
        Assert.DoesNotContain("secret-room", entry.ToString(), StringComparison.Ordinal);
    }

    private Task<Guid> Publish(string name, double startsInDays, double lastsHours = 5, Action<Dictionary<string, object?>>? change = null)
    {
        var body = app.Body(name, startsInDays, lastsHours);
        change?.Invoke(body);
        return app.Published(organizer, body);
    }

    private async Task<JsonElement> List(string path) => await (await app.Anybody.GetAsync(path)).Ok();

    private static IEnumerable<string?> Names(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString());
}
