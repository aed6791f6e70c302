using System.Text;

namespace EventFly.Events.Tests.Events;

public sealed class EventCalendarTests(EventsApp app) : IClassFixture<EventsApp>
{
    private readonly HttpClient organizer = app.Organizer(Guid.CreateVersion7());

    [Fact]
    public async Task A_published_event_is_an_appointment()
    {
        var eventId = await app.Published(organizer);

        var answer = await app.Anybody.GetAsync($"/api/events/{eventId}/calendar.ics");
        var lines = Unfold(await answer.Content.ReadAsStringAsync());

        Assert.Equal("text/calendar; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Contains($"UID:event-{eventId}@eventfly", lines);
        Assert.Contains("SUMMARY:Summer Night", lines);
        Assert.Contains($"DTSTART:{app.Clock.Now.AddDays(30).UtcDateTime:yyyyMMdd'T'HHmmss'Z'}", lines);
        Assert.Contains(@"LOCATION:Old Mill\, River Road 1", lines);
        Assert.Contains("GEO:52.5;13.4", lines);
        Assert.Contains("STATUS:CONFIRMED", lines);
        Assert.DoesNotContain(lines, line => line.Contains("secret-room", StringComparison.Ordinal));
        Assert.Equal(304, (int)(await app.Anybody.Send(HttpMethod.Get, $"/api/events/{eventId}/calendar.ics", ifNoneMatch: answer.ETag())).StatusCode);
    }

    [Fact]
    public async Task Lines_are_short_and_nothing_in_them_breaks_out()
    {
        var body = app.Body();
        body["description"] = "one;two,three\\four\r\nBEGIN:VEVENT\n" + new string('ü', 200) + string.Concat(Enumerable.Repeat("🎟", 50));
        var eventId = await app.Published(organizer, body);

        var text = await (await app.Anybody.GetAsync($"/api/events/{eventId}/calendar.ics")).Content.ReadAsStringAsync();

        Assert.All(text.Split("\r\n"), line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, 75));
        Assert.DoesNotContain("\n", text.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', text);
        var lines = Unfold(text);
        Assert.Single(lines, line => line == "BEGIN:VEVENT");
        Assert.Contains(
            @"DESCRIPTION:one\;two\,three\\four\nBEGIN:VEVENT\n" + new string('ü', 200) + string.Concat(Enumerable.Repeat("🎟", 50)), lines);
    }

    [Fact]
    public async Task A_cancelled_event_is_struck_through_by_a_higher_sequence()
    {
        var eventId = await app.Published(organizer);
        var before = Sequence(await app.Anybody.GetStringAsync($"/api/events/{eventId}/calendar.ics"));
        await (await organizer.Send(HttpMethod.Post, $"/api/events/{eventId}/cancellation", new { reason = "storm" })).Ok();

        var after = await app.Anybody.GetStringAsync($"/api/events/{eventId}/calendar.ics");

        Assert.Contains("STATUS:CANCELLED", Unfold(after));
        Assert.True(Sequence(after) > before, "the sequence did not grow");
    }

    [Fact]
    public async Task Drafts_are_in_nobodys_calendar() =>
        await (await organizer.GetAsync($"/api/events/{await app.Draft(organizer)}/calendar.ics")).Refused(404, "event-not-found");

    private static string[] Unfold(string text) => text.Replace("\r\n ", "", StringComparison.Ordinal).Split("\r\n");

    private static int Sequence(string text) => int.Parse(Unfold(text).First(line => line.StartsWith("SEQUENCE:", StringComparison.Ordinal))[9..]);
}
