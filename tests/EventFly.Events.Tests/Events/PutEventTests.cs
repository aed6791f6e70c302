using System.Net.Http.Json;

namespace EventFly.Events.Tests.Events;

public sealed class PutEventTests(EventsApp app) : IClassFixture<EventsApp>
{
    private readonly Guid eventId = Guid.CreateVersion7();

    private string Path => $"/api/events/{eventId}";

    [Fact]
    public async Task A_draft_is_created_once_and_repeating_it_is_harmless()
    {
        var organization = Guid.CreateVersion7();
        var organizer = app.Organizer(organization);

        var first = await organizer.PutAsJsonAsync(Path, app.Body());
        var again = await organizer.PutAsJsonAsync(Path, app.Body());

        var draft = await first.Created();
        Assert.Equal(Path, first.Headers.Location?.ToString());
        Assert.Equal((first.ETag(), draft.ToString()), (again.ETag(), (await again.Ok()).ToString()));
        Assert.Equal("draft", draft.GetProperty("status").GetString());
        Assert.Equal(organization, draft.GetProperty("organizationId").GetGuid());
        Assert.Equal(["open-air", "jazz"], draft.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.Equal("https://stream.example.org/secret-room", draft.GetProperty("onlineUrl").GetString());
        Assert.EndsWith("Z", draft.GetProperty("startsAt").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_says_which_version_it_means()
    {
        var organizer = app.Organizer(Guid.CreateVersion7());
        var first = (await organizer.PutAsJsonAsync(Path, app.Body())).ETag();

        await (await organizer.Send(HttpMethod.Put, Path, app.Body("Second"))).Refused(428, "if-match-required");
        await (await organizer.Send(HttpMethod.Put, Path, app.Body("Second"), "no tag")).Refused(400, "if-match-malformed");
        var edit = await organizer.Send(HttpMethod.Put, Path, app.Body("Second"), first);
        Assert.Equal("Second", (await edit.Ok()).GetProperty("name").GetString());
        Assert.NotEqual(first, edit.ETag());

        await (await organizer.Send(HttpMethod.Put, Path, app.Body("Third"), first)).Refused(412, "stale");
        Assert.Equal(edit.ETag(), (await organizer.Send(HttpMethod.Put, Path, app.Body("Second"), first)).ETag());
        await (await organizer.Send(HttpMethod.Put, Path, app.Body("Third"), "*")).Ok();
    }

    [Fact]
    public async Task Of_two_edits_of_one_version_one_wins()
    {
        var organizer = app.Organizer(Guid.CreateVersion7());
        var tag = (await organizer.PutAsJsonAsync(Path, app.Body())).ETag();

        var edits = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => organizer.Send(HttpMethod.Put, Path, app.Body($"Edit {number}"), tag)));

        Assert.Single(edits, edit => (int)edit.StatusCode == 200);
        Assert.Equal(7, edits.Count(edit => (int)edit.StatusCode == 412));
    }

    [Fact]
    public async Task What_was_never_there_cannot_be_edited() =>
        await (await app.Organizer(Guid.CreateVersion7()).Send(HttpMethod.Put, Path, app.Body(), "\"v1\"")).Refused(404, "event-not-found");

    [Fact]
    public async Task A_strangers_event_looks_like_none()
    {
        var stranger = app.Organizer(Guid.CreateVersion7());
        await app.Draft(app.Organizer(Guid.CreateVersion7()), id: eventId);

        await (await stranger.GetAsync(Path)).Refused(404, "event-not-found");
        await (await stranger.Send(HttpMethod.Put, Path, app.Body())).Refused(404, "event-not-found");
        await (await stranger.Send(HttpMethod.Put, Path, app.Body("Mine"), "*")).Refused(404, "event-not-found");
        await (await stranger.Send(HttpMethod.Put, $"{Path}/ticket-types/{Guid.CreateVersion7()}", EventsApp.Terms())).Refused(404, "event-not-found");
        await (await stranger.Send(HttpMethod.Delete, $"{Path}/ticket-types/{Guid.CreateVersion7()}")).Refused(404, "event-not-found");
        await (await stranger.Send(HttpMethod.Post, $"{Path}/publication")).Refused(404, "event-not-found");
        await (await stranger.Send(HttpMethod.Post, $"{Path}/cancellation", new { reason = "Mine" })).Refused(404, "event-not-found");
        await (await stranger.Send(HttpMethod.Delete, Path)).Refused(404, "event-not-found");
        Assert.Equal(0, (await (await stranger.GetAsync("/api/events/mine")).Ok()).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Only_who_may_edit_edits()
    {
        var organization = Guid.CreateVersion7();
        var editor = app.Organizer(organization, "event.edit");
        await app.Draft(editor, id: eventId);

        await (await app.Anybody.Send(HttpMethod.Put, Path, app.Body())).Refused(401, "unauthenticated");
        var cashier = app.Organizer(organization, "ticket.manage");
        await (await cashier.Send(HttpMethod.Put, Path, app.Body())).Refused(403, "forbidden");
        await (await cashier.Send(HttpMethod.Post, $"{Path}/publication")).Refused(403, "forbidden");
        await (await cashier.Send(HttpMethod.Delete, Path)).Refused(403, "forbidden");
        await (await editor.Send(HttpMethod.Put, $"{Path}/ticket-types/{Guid.CreateVersion7()}", EventsApp.Terms())).Refused(403, "forbidden");
        await (await cashier.Send(HttpMethod.Put, $"{Path}/ticket-types/{Guid.CreateVersion7()}", EventsApp.Terms())).Created();
    }

    [Theory]
    [InlineData("name", null)]
    [InlineData("name", "ab")]
    [InlineData("name", 7)]
    [InlineData("startsAt", "tomorrow")]
    [InlineData("startsAt", "2026-07-01T20:00:00")]
    [InlineData("startsAt", "9999-12-31T23:59:59-14:00")]
    [InlineData("endsAt", "2020-01-01T00:00:00Z")]
    [InlineData("timeZone", "Mars/Olympus")]
    [InlineData("bannerUrl", "javascript:alert(1)")]
    [InlineData("visibility", "secret")]
    [InlineData("visibility", 1)]
    [InlineData("tags", "jazz")]
    public async Task A_wrong_value_is_refused_and_its_field_is_named(string field, object? value)
    {
        var body = app.Body();
        body[field] = value;

        var problem = await (await app.Organizer(Guid.CreateVersion7()).PutAsJsonAsync(Path, body)).Is(400);

        Assert.Contains(field, problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task A_deleted_draft_is_gone_and_its_id_can_be_used_again()
    {
        var organizer = app.Organizer(Guid.CreateVersion7());
        await app.Draft(organizer, id: eventId);

        await (await organizer.Send(HttpMethod.Delete, Path, ifMatch: "\"v9\"")).Refused(412, "stale");
        await (await organizer.Send(HttpMethod.Delete, Path)).Is(204);

        await (await organizer.GetAsync(Path)).Refused(404, "event-not-found");
        await (await organizer.Send(HttpMethod.Delete, Path)).Refused(404, "event-not-found");
        await app.Draft(organizer, id: eventId);
    }
}
