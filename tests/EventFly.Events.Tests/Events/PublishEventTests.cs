using System.Net.Http.Json;
using EventFly.Contracts.Events;

namespace EventFly.Events.Tests.Events;

public sealed class PublishEventTests : IDisposable
{
    private readonly EventsApp app = new();
    private readonly HttpClient organizer;

    public PublishEventTests() => organizer = app.Organizer(Guid.CreateVersion7());

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task An_event_is_published_once_however_often_it_is_asked_for()
    {
        var eventId = await app.Published(organizer);

        var again = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => organizer.Send(HttpMethod.Post, $"/api/events/{eventId}/publication", ifMatch: "\"v1\"")));

        foreach (var answer in again)
        {
            Assert.Equal("published", (await answer.Ok()).GetProperty("status").GetString());
        }

        await app.Bus.Expect<EventPublished>(published => published.EventId == eventId);
        await organizer.Send(HttpMethod.Post, $"/api/events/{eventId}/cancellation", new { reason = "Storm" });
        await app.Bus.Expect<EventCancelled>(cancelled => cancelled.EventId == eventId);
        Assert.Single(app.Bus.Messages<EventPublished>());
    }

    [Fact]
    public async Task Without_a_ticket_type_nothing_is_published()
    {
        var eventId = await app.Draft(organizer);

        await (await organizer.PostAsync($"/api/events/{eventId}/publication", null)).Refused(409, "no-ticket-types");
    }

    [Fact]
    public async Task What_has_begun_is_not_published()
    {
        var organization = Guid.CreateVersion7();
        var eventId = await app.Draft(app.Organizer(organization));
        await app.Organizer(organization).PutAsJsonAsync($"/api/events/{eventId}/ticket-types/{Guid.CreateVersion7()}", EventsApp.Terms());
        app.Clock.Advance(TimeSpan.FromDays(30));

        await (await app.Organizer(organization).PostAsync($"/api/events/{eventId}/publication", null)).Refused(409, "start-in-past");
    }

    [Fact]
    public async Task What_was_changed_since_it_was_read_is_not_published()
    {
        var eventId = await app.Draft(organizer);
        await organizer.PutAsJsonAsync($"/api/events/{eventId}/ticket-types/{Guid.CreateVersion7()}", EventsApp.Terms());

        await (await organizer.Send(HttpMethod.Post, $"/api/events/{eventId}/publication", ifMatch: "\"v1\"")).Refused(412, "stale");
        await (await organizer.Send(HttpMethod.Post, $"/api/events/{eventId}/publication", ifMatch: "\"v2\"")).Ok();
    }

    [Fact]
    public async Task Others_hear_of_a_published_event_each_time_it_changes_and_of_a_draft_never()
    {
        await app.Draft(organizer);
        var eventId = await app.Published(organizer);
        await (await organizer.Send(HttpMethod.Put, $"/api/events/{eventId}", app.Body("Winter Night"), "*")).Ok();
        await (await organizer.Send(HttpMethod.Put, $"/api/events/{eventId}", app.Body("Winter Night"), "*")).Ok();
        await (await organizer.Send(HttpMethod.Put, $"/api/events/{eventId}/ticket-types/{Guid.CreateVersion7()}", EventsApp.Terms(0))).Created();
        await (await organizer.Send(HttpMethod.Post, $"/api/events/{eventId}/cancellation", new { reason = "Storm" })).Ok();
        await (await organizer.Send(HttpMethod.Post, $"/api/events/{eventId}/cancellation", new { reason = "Other" })).Ok();

        await app.Bus.Expect<EventCancelled>();

        Assert.Equal(
            ["EventPublished", "EventChanged", "EventChanged", "EventCancelled"],
            app.Bus.Published.Select(announcement => announcement.Subject.Split('.')[2]));
        Assert.All(app.Bus.Published, announcement => Assert.EndsWith(eventId.ToString(), announcement.Subject, StringComparison.Ordinal));
        Assert.Equal(["Winter Night", "Winter Night"], app.Bus.Messages<EventChanged>().Select(changed => changed.Name));
        Assert.Equal([1, 2], app.Bus.Messages<EventChanged>().Select(changed => changed.TicketTypes.Count));
        Assert.Equal("Storm", app.Bus.Messages<EventCancelled>()[0].Reason);
    }

    [Fact]
    public async Task A_cancelled_event_stays_to_be_seen_and_nothing_about_it_changes()
    {
        var eventId = await app.Published(organizer);
        await (await organizer.Send(HttpMethod.Post, $"/api/events/{eventId}/cancellation", new { reason = " " })).Is(400);
        await (await organizer.Send(HttpMethod.Post, $"/api/events/{eventId}/cancellation", new { reason = "Storm" })).Ok();

        var seen = await (await app.Anybody.GetAsync($"/api/events/{eventId}")).Ok();
        Assert.Equal(("cancelled", "Storm"), (seen.GetProperty("status").GetString(), seen.GetProperty("cancellationReason").GetString()));
        await (await organizer.Send(HttpMethod.Put, $"/api/events/{eventId}", app.Body("Other"), "*")).Refused(409, "event-cancelled");
        await (await organizer.Send(HttpMethod.Post, $"/api/events/{eventId}/publication")).Refused(409, "event-cancelled");
        await (await organizer.Send(HttpMethod.Delete, $"/api/events/{eventId}")).Refused(409, "event-published");
    }
}
