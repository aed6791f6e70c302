using EventFly.Contracts.Events;

namespace EventFly.Events.Tests.Quotas;

public sealed class QuotaTests(EventsApp app) : IClassFixture<EventsApp>
{
    private readonly HttpClient organizer = app.Organizer(Guid.CreateVersion7());
    private readonly Guid quotaId = Guid.CreateVersion7();
    private readonly Guid typeId = Guid.CreateVersion7();

    [Fact]
    public async Task A_quota_is_added_once_and_changed_at_the_version_that_was_read()
    {
        var path = $"/api/events/{await app.Draft(organizer)}/quotas/{quotaId}";

        var first = await organizer.Send(HttpMethod.Put, path, Hall(80));
        var again = await organizer.Send(HttpMethod.Put, path, Hall(80));
        await (await organizer.Send(HttpMethod.Put, path, Hall(90))).Refused(428, "if-match-required");
        var changed = await organizer.Send(HttpMethod.Put, path, Hall(90), first.ETag());

        Assert.Equal(80, (await first.Created()).GetProperty("capacity").GetInt32());
        Assert.Equal(((await first.Created()).ToString(), first.ETag()), ((await again.Ok()).ToString(), again.ETag()));
        Assert.Equal(90, (await changed.Ok()).GetProperty("capacity").GetInt32());
        await (await organizer.Send(HttpMethod.Put, path, Hall(70), first.ETag())).Refused(412, "stale");
    }

    [Fact]
    public async Task What_is_sold_hears_which_quotas_a_ticket_type_draws_on()
    {
        var eventId = await app.Draft(organizer);
        await (await organizer.Send(HttpMethod.Put, $"/api/events/{eventId}/quotas/{quotaId}", Hall(80))).Created();
        var type = await (await organizer.Send(HttpMethod.Put, $"/api/events/{eventId}/ticket-types/{typeId}", Drawing(quotaId, quotaId))).Created();
        await (await organizer.PostAsync($"/api/events/{eventId}/publication", null)).Ok();
        var read = await organizer.GetAsync($"/api/events/{eventId}");
        await (await organizer.Send(HttpMethod.Put, $"/api/events/{eventId}/quotas/{quotaId}", Hall(60), read.ETag())).Ok();

        Assert.Equal([quotaId], type.GetProperty("quotaIds").EnumerateArray().Select(id => id.GetGuid()));
        Assert.Equal("Hall", (await read.Ok()).GetProperty("quotas")[0].GetProperty("name").GetString());
        var published = await app.Bus.Expect<EventPublished>(said => said.EventId == eventId);
        Assert.Equal([new QuotaTerms(quotaId, "Hall", 80)], published.Quotas);
        Assert.Equal([quotaId], published.TicketTypes[0].QuotaIds);
        var lowered = await app.Bus.Expect<EventChanged>(said => said.EventId == eventId);
        Assert.Equal((60, quotaId), (lowered.Quotas[0].Capacity, lowered.TicketTypes[0].QuotaIds[0]));
    }

    [Fact]
    public async Task The_same_terms_again_change_nothing_whatever_the_order_of_their_quotas()
    {
        var (eventId, other) = (await app.Draft(organizer), Guid.CreateVersion7());
        await organizer.Send(HttpMethod.Put, $"/api/events/{eventId}/quotas/{quotaId}", Hall(80));
        await organizer.Send(HttpMethod.Put, $"/api/events/{eventId}/quotas/{other}", Hall(20));
        var path = $"/api/events/{eventId}/ticket-types/{typeId}";

        var first = await organizer.Send(HttpMethod.Put, path, Drawing(quotaId, other));
        var again = await organizer.Send(HttpMethod.Put, path, Drawing(other, quotaId));

        await again.Ok();
        Assert.Equal(first.ETag(), again.ETag());
    }

    [Fact]
    public async Task A_ticket_type_cannot_draw_on_a_quota_that_is_not_there()
    {
        var eventId = await app.Draft(organizer);

        var problem = await (await organizer.Send(HttpMethod.Put, $"/api/events/{eventId}/ticket-types/{typeId}", Drawing(quotaId))).Refused(422, "quota-unknown");

        Assert.True(problem.GetProperty("errors").TryGetProperty("quotaIds", out _));
    }

    [Fact]
    public async Task A_quota_goes_once_nothing_draws_on_it()
    {
        var eventId = await app.Draft(organizer);
        var path = $"/api/events/{eventId}/quotas/{quotaId}";
        await organizer.Send(HttpMethod.Put, path, Hall(80));
        var type = await organizer.Send(HttpMethod.Put, $"/api/events/{eventId}/ticket-types/{typeId}", Drawing(quotaId));

        await (await organizer.Send(HttpMethod.Delete, path)).Refused(409, "quota-in-use");
        await (await organizer.Send(HttpMethod.Put, $"/api/events/{eventId}/ticket-types/{typeId}", EventsApp.Terms(), type.ETag())).Ok();
        await (await organizer.Send(HttpMethod.Delete, path)).Is(204);
        await (await organizer.Send(HttpMethod.Delete, path)).Is(204);

        Assert.Equal(0, (await (await organizer.GetAsync($"/api/events/{eventId}")).Ok()).GetProperty("quotas").GetArrayLength());
    }

    [Fact]
    public async Task A_strangers_event_looks_like_none_and_staff_needs_the_permission()
    {
        var organization = Guid.CreateVersion7();
        var path = $"/api/events/{await app.Draft(app.Organizer(organization))}/quotas/{quotaId}";

        await (await organizer.Send(HttpMethod.Put, path, Hall(80))).Refused(404, "event-not-found");
        await (await organizer.Send(HttpMethod.Delete, path)).Refused(404, "event-not-found");
        Assert.Equal(403, (int)(await app.Organizer(organization, "event.edit").Send(HttpMethod.Put, path, Hall(80))).StatusCode);
    }

    [Theory]
    [InlineData("name", "")]
    [InlineData("name", null)]
    [InlineData("capacity", -1)]
    [InlineData("capacity", 10_000_001)]
    [InlineData("capacity", "80")]
    public async Task A_wrong_quota_is_refused_and_its_field_is_named(string field, object? value)
    {
        var body = Hall(80);
        body[field] = value;

        var problem = await (await organizer.Send(HttpMethod.Put, $"/api/events/{await app.Draft(organizer)}/quotas/{quotaId}", body)).Is(400);

        Assert.Contains(field, problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    private static Dictionary<string, object?> Hall(int capacity) => new() { ["name"] = "Hall", ["capacity"] = capacity };

    private static Dictionary<string, object?> Drawing(params Guid[] quotas) => new(EventsApp.Terms()) { ["quotaIds"] = quotas };
}
