using System.Net;
using System.Text.Json;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Events;
using EventFly.Contracts.Organizations;
using EventFly.Testing;

namespace EventFly.Events.Tests.Staff;

public sealed class EventStaffTests : IAsyncLifetime
{
    private readonly EventsApp app = new();
    private readonly Guid organization = Guid.CreateVersion7();
    private readonly Guid staffId = Guid.CreateVersion7();
    private readonly Guid roleId = Guid.CreateVersion7();
    private readonly TestUser kim;
    private readonly HttpClient owner;
    private Guid eventId;

    public EventStaffTests()
    {
        kim = TestUser.Staff(organization);
        owner = app.Organizer(organization, [.. Permissions.All]);
    }

    public async ValueTask InitializeAsync()
    {
        eventId = await app.Draft(owner);
        await Accepted(staffId, kim.Id, 1);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Whoever_is_assigned_may_do_at_that_event_what_its_role_says_at_once_and_at_no_other()
    {
        var other = await app.Draft(owner);
        using var kims = app.CreateClient(kim);
        Assert.Equal(HttpStatusCode.Forbidden, (await Rename(kims, eventId)).StatusCode);

        await (await PutRole("Editors", Permissions.EventEdit)).Created();
        var assigned = await (await Assign(staffId)).Created();

        Assert.Equal(kim.Id, assigned.GetProperty("accountId").GetGuid());
        Assert.Equal(HttpStatusCode.OK, (await Rename(kims, eventId)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Rename(kims, other)).StatusCode);
        var said = await app.Bus.Expect<EventStaffAssigned>();
        Assert.Equal((eventId, organization, staffId, kim.Id, "Editors", true), (said.EventId, said.OrganizationId, said.StaffId, said.AccountId, said.Role, said.IsNew));
        Assert.Equal([Permissions.EventEdit], said.Permissions);
    }

    [Fact]
    public async Task A_role_that_is_edited_or_removed_is_so_at_once_for_everybody_who_has_it()
    {
        using var kims = app.CreateClient(kim);
        await (await PutRole("Editors", Permissions.EventEdit)).Created();
        await (await Assign(staffId)).Created();

        await (await PutRole("Editors", Permissions.CheckinScan)).Refused(428, "if-match-required");
        await (await owner.Send(HttpMethod.Put, Role, new { name = "Editors", permissions = new[] { Permissions.CheckinScan } }, "\"v1\"")).Ok();
        Assert.Equal(HttpStatusCode.Forbidden, (await Rename(kims, eventId)).StatusCode);
        Assert.False((await app.Bus.Expect<EventStaffAssigned>(said => said.Permissions.SequenceEqual([Permissions.CheckinScan]))).IsNew);

        Assert.Equal(HttpStatusCode.NoContent, (await owner.Send(HttpMethod.Delete, Role)).StatusCode);
        Assert.Equal(kim.Id, (await app.Bus.Expect<EventStaffRemoved>()).AccountId);
        Assert.Equal(0, (await Staff()).GetArrayLength());
    }

    [Fact]
    public async Task Whoever_is_taken_off_is_off_at_once()
    {
        using var kims = app.CreateClient(kim);
        await (await PutRole("Editors", Permissions.EventEdit)).Created();
        await (await Assign(staffId)).Created();

        Assert.Equal(HttpStatusCode.NoContent, (await owner.Send(HttpMethod.Delete, $"/api/events/{eventId}/staff/{staffId}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.Send(HttpMethod.Delete, $"/api/events/{eventId}/staff/{staffId}")).StatusCode);

        Assert.Equal(HttpStatusCode.Forbidden, (await Rename(kims, eventId)).StatusCode);
        Assert.NotNull((await app.Bus.Expect<EventStaffRemoved>()).ActorId);
    }

    [Fact]
    public async Task Whoever_leaves_the_organisation_is_off_all_its_events_however_often_and_late_it_is_told()
    {
        var other = await app.Draft(owner);
        await (await PutRole("Editors", Permissions.EventEdit)).Created();
        await (await PutRole("Editors", other, Permissions.EventEdit)).Created();
        await (await Assign(staffId)).Created();
        await (await Assign(staffId, other)).Created();

        app.Bus.DeliverTwice = true;
        await app.Bus.Say(new StaffRemoved(organization, staffId, kim.Id) { At = app.Clock.Now.AddSeconds(5) }, organization.ToString());
        await Accepted(staffId, kim.Id, 4);
        await Accepted(staffId, kim.Id, 6);

        await app.Bus.Expect<EventStaffRemoved>(said => said.EventId == other && said.ActorId is null);
        await app.Bus.Expect<EventStaffRemoved>(said => said.EventId == eventId && said.ActorId is null);
        Assert.Equal(2, app.Bus.Messages<EventStaffRemoved>().Count);
        await (await Assign(staffId)).Refused(422, "staff-not-found");
    }

    [Fact]
    public async Task Only_somebody_who_works_for_the_organisation_can_be_assigned()
    {
        await (await PutRole("Editors", Permissions.EventEdit)).Created();
        var (stranger, invited) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await app.Bus.Say(
            new StaffAccessChanged(Guid.CreateVersion7(), stranger, Guid.CreateVersion7(), "Door", []) { At = app.Clock.Now }, stranger.ToString());
        await app.Bus.Say(new StaffAccessChanged(organization, invited, null, "Door", []) { At = app.Clock.Now }, invited.ToString());

        foreach (var nobody in (Guid[])[stranger, invited, Guid.CreateVersion7()])
        {
            await (await Assign(nobody)).Refused(422, "staff-not-found");
        }
    }

    [Fact]
    public async Task Nobody_gives_away_at_an_event_what_they_do_not_hold_there()
    {
        await (await PutRole("Editors", Permissions.EventEdit)).Created();
        using var clerk = app.CreateClient(TestUser.Staff(organization, Permissions.StaffManage, Permissions.CheckinScan));

        var refused = await (await clerk.Send(HttpMethod.Put, $"/api/events/{eventId}/staff/{staffId}", new { roleId })).Refused(403, "permission-not-held");
        Assert.Equal(Permissions.EventEdit, refused.GetProperty("permission").GetString());
        await (await clerk.Send(HttpMethod.Put, Role, new { name = "Editors", permissions = Array.Empty<string>() }, "\"v1\"")).Refused(403, "permission-not-held");
        await (await clerk.Send(HttpMethod.Delete, Role)).Refused(403, "permission-not-held");
        await (await clerk.Send(
            HttpMethod.Put, $"/api/events/{eventId}/roles/{Guid.CreateVersion7()}", new { name = "Door", permissions = new[] { Permissions.CheckinScan } })).Created();
    }

    [Fact]
    public async Task Who_manages_the_staff_of_one_event_does_so_at_that_event_alone()
    {
        var other = await app.Draft(owner);
        using var lead = app.CreateClient(TestUser.EventStaff(organization, eventId, Permissions.StaffManage, Permissions.CheckinScan));

        await (await lead.Send(HttpMethod.Put, Role, new { name = "Door", permissions = new[] { Permissions.CheckinScan } })).Created();
        await (await lead.Send(HttpMethod.Put, $"/api/events/{eventId}/staff/{staffId}", new { roleId })).Created();
        Assert.Equal(HttpStatusCode.Forbidden, (await lead.GetAsync(new Uri($"/api/events/{other}/staff", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Permissions_of_the_whole_organisation_and_unknown_ones_hold_at_no_event()
    {
        await (await PutRole("Money", Permissions.BillingManage)).Refused(422, "permission-not-at-events");
        var unknown = await (await PutRole("Typo", "checkin.scna")).Refused(422, "permission-unknown");
        Assert.Contains("checkin.scna", unknown.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await (await PutRole("Door", Permissions.CheckinScan)).Created();
        await (await owner.Send(HttpMethod.Put, $"/api/events/{eventId}/roles/{Guid.CreateVersion7()}", new { name = "dOOR", permissions = Array.Empty<string>() }))
            .Refused(409, "role-name-taken");
    }

    [Fact]
    public async Task A_strangers_crew_looks_like_none()
    {
        await (await PutRole("Door", Permissions.CheckinScan)).Created();
        using var stranger = app.Organizer(Guid.CreateVersion7(), [.. Permissions.All]);
        using var forged = app.CreateClient(TestUser.EventStaff(Guid.CreateVersion7(), eventId, Permissions.StaffManage, Permissions.EventEdit));

        foreach (var client in (HttpClient[])[stranger, forged])
        {
            await (await client.Send(HttpMethod.Get, $"/api/events/{eventId}/roles")).Refused(404, "event-not-found");
            await (await client.Send(HttpMethod.Get, $"/api/events/{eventId}/staff")).Refused(404, "event-not-found");
            await (await client.Send(HttpMethod.Put, Role, new { name = "Mine", permissions = Array.Empty<string>() }, "\"v1\"")).Refused(404, "event-not-found");
            await (await client.Send(HttpMethod.Delete, Role)).Refused(404, "event-not-found");
            await (await client.Send(HttpMethod.Put, $"/api/events/{eventId}/staff/{staffId}", new { roleId })).Refused(404, "event-not-found");
            await (await client.Send(HttpMethod.Delete, $"/api/events/{eventId}/staff/{staffId}")).Refused(404, "event-not-found");
        }
    }

    [Fact]
    public async Task Staff_sees_the_drafts_that_it_works_at_and_no_others()
    {
        var hidden = await app.Draft(owner, app.Body("Hidden"));
        var seen = await app.Published(owner, app.Body("Seen"));
        await (await PutRole("Door", Permissions.CheckinScan)).Created();
        await (await Assign(staffId)).Created();
        using var kims = app.CreateClient(kim);

        Assert.Equal([eventId, seen], await Mine(kims, ""));
        Assert.Equal([eventId], await Mine(kims, "?state=draft"));
        Assert.Equal([eventId], await Mine(kims, "?assigned=true"));
        Assert.Empty(await Mine(kims, "?assigned=true&state=past"));
        Assert.Equal(HttpStatusCode.OK, (await kims.GetAsync(new Uri($"/api/events/{eventId}", UriKind.Relative))).StatusCode);
        await (await kims.Send(HttpMethod.Get, $"/api/events/{hidden}")).Refused(404, "event-not-found");
        Assert.Equal(3, (await Mine(owner, "")).Length);
    }

    [Fact]
    public async Task Nobody_works_at_more_than_fifty_events_at_a_time_and_those_that_are_over_do_not_count()
    {
        await (await PutRole("Door", Permissions.CheckinScan)).Created();
        await (await Assign(staffId)).Created();
        var soon = app.Body("Soon", startsInDays: 1, lastsHours: 1);
        for (var count = 1; count < 50; count++)
        {
            var next = await app.Draft(owner, count == 1 ? soon : app.Body($"Night {count}"));
            await (await PutRole("Door", next, Permissions.CheckinScan)).Created();
            await (await Assign(staffId, next)).Created();
        }

        var last = await app.Draft(owner);
        await (await PutRole("Door", last, Permissions.CheckinScan)).Created();
        await (await Assign(staffId, last)).Refused(409, "too-many-events");

        app.Clock.Advance(TimeSpan.FromDays(3));
        using var later = app.Organizer(organization, [.. Permissions.All]);
        await (await later.Send(HttpMethod.Put, $"/api/events/{last}/staff/{staffId}", new { roleId })).Created();
    }

    [Fact]
    public async Task What_a_manager_creates_belongs_to_the_organisation()
    {
        using var manager = app.CreateClient(TestUser.Staff(organization, [.. Permissions.All.Except([Permissions.BillingManage])]));

        var published = await app.Published(manager, app.Body("By a manager"));

        Assert.Equal(organization, (await app.Bus.Expect<EventPublished>(said => said.EventId == published)).OrganizationId);
        Assert.Contains(published, await Mine(owner, ""));
    }

    private string Role => $"/api/events/{eventId}/roles/{roleId}";

    private Task Accepted(Guid staff, Guid account, int at) => app.Bus.Say(
        new StaffAccessChanged(organization, staff, account, "default", []) { At = app.Clock.Now.AddSeconds(at) }, staff.ToString());

    private Task<HttpResponseMessage> PutRole(string name, params string[] permissions) => PutRole(name, eventId, permissions);

    private Task<HttpResponseMessage> PutRole(string name, Guid at, params string[] permissions) =>
        owner.Send(HttpMethod.Put, $"/api/events/{at}/roles/{roleId}", new { name, permissions });

    private Task<HttpResponseMessage> Assign(Guid staff, Guid? at = null) => owner.Send(HttpMethod.Put, $"/api/events/{at ?? eventId}/staff/{staff}", new { roleId });

    private async Task<JsonElement> Staff() => (await (await owner.Send(HttpMethod.Get, $"/api/events/{eventId}/staff")).Ok()).GetProperty("items");

    private Task<HttpResponseMessage> Rename(HttpClient client, Guid at) => client.Send(HttpMethod.Put, $"/api/events/{at}", app.Body("Renamed"), "*");

    private static async Task<Guid[]> Mine(HttpClient client, string query) =>
        [.. (await (await client.Send(HttpMethod.Get, $"/api/events/mine{query}")).Ok()).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("eventId").GetGuid())];
}
