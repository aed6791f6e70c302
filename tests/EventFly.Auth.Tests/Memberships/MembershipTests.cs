using System.Net;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Events;
using EventFly.Contracts.Organizations;
using Microsoft.IdentityModel.JsonWebTokens;

namespace EventFly.Auth.Tests.Memberships;

public sealed class MembershipTests : IDisposable
{
    private readonly AuthApp app = new();
    private readonly Guid organization = Guid.CreateVersion7();
    private readonly Guid elsewhere = Guid.CreateVersion7();
    private readonly Guid eventId = Guid.CreateVersion7();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task Whoever_is_given_access_has_it_in_the_next_token_and_a_second_role()
    {
        var kim = await app.SignUp("kim@door.example");

        await Give(kim, organization, "Door", [Permissions.CheckinScan], 1);

        var token = Read((await app.Refresh(kim.RefreshToken)).AccessToken);
        Assert.Equal(organization.ToString(), token.GetPayloadValue<string>("org"));
        Assert.Equal([Permissions.CheckinScan], token.GetPayloadValue<string[]>("perms"));
        Assert.Equal(["participant", "staff"], token.GetPayloadValue<string[]>("roles"));
    }

    [Fact]
    public async Task Of_what_is_told_the_latest_holds_whichever_comes_first_and_however_often()
    {
        var kim = await app.SignUp("kim@door.example");
        app.Bus.DeliverTwice = true;

        await Give(kim, organization, "Door", [Permissions.OrderRead], 3);
        await Give(kim, organization, "Door", [Permissions.CheckinScan], 2);
        Assert.Equal([Permissions.OrderRead], await PermissionsOf(kim));

        await Remove(kim, organization, 5);
        await Give(kim, organization, "Door", [Permissions.CheckinScan], 4);
        Assert.Null((await app.SignIn("kim@door.example")).Account.OrganizationId);

        await Give(kim, organization, "Door", [Permissions.CheckinScan], 6);
        Assert.Equal(organization, (await app.SignIn("kim@door.example")).Account.OrganizationId);
    }

    [Fact]
    public async Task Whoever_is_removed_is_signed_out_where_they_acted_for_the_organisation_and_nowhere_else()
    {
        var kim = await app.SignUp("kim@door.example");
        await Give(kim, organization, "Door", [Permissions.CheckinScan], 1);
        await Give(kim, elsewhere, "Door", [Permissions.CheckinScan], 1);
        var here = await app.SignIn("kim@door.example");
        var there = await app.SignIn("kim@door.example");
        Assert.Equal(HttpStatusCode.OK, (await Switch(there, elsewhere)).StatusCode);
        there = await app.Refresh(there.RefreshToken);

        await Remove(kim, organization, 2);

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Me(here)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.TryRefresh(here.RefreshToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Me(there)).StatusCode);
        Assert.Equal(elsewhere, (await app.Refresh(there.RefreshToken)).Account.OrganizationId);
        Assert.Equal(elsewhere, (await app.SignIn("kim@door.example")).Account.OrganizationId);
    }

    [Fact]
    public async Task A_session_acts_for_one_organisation_until_it_switches()
    {
        var ada = await app.SignUp("ada@river.example", "organizers");
        await app.Bus.Say(new OrganizationCreated(organization, ada.Account.Id, "Riverside"), organization.ToString());
        await Give(ada, elsewhere, "Door", [Permissions.CheckinScan], 1);
        ada = await app.Refresh(ada.RefreshToken);
        Assert.Equal((organization, 9), (ada.Account.OrganizationId, ada.Account.Permissions.Length));

        var switched = (await AuthApp.Read<Switched>(await Switch(ada, elsewhere))).AccessToken;

        Assert.Equal(elsewhere.ToString(), Read(switched).GetPayloadValue<string>("org"));
        Assert.Equal([Permissions.CheckinScan], Read(switched).GetPayloadValue<string[]>("perms"));
        Assert.Equal(elsewhere, (await app.Refresh(ada.RefreshToken)).Account.OrganizationId);
        Assert.Equal(organization, (await app.SignIn("ada@river.example")).Account.OrganizationId);
        Assert.Equal("organization-not-found", await AuthApp.CodeOf(await Switch(ada, Guid.CreateVersion7())));
    }

    [Fact]
    public async Task What_holds_at_one_event_is_in_the_token_until_the_person_leaves_it_or_the_organisation()
    {
        var kim = await app.SignUp("kim@door.example");
        await Give(kim, organization, "default", [], 1);
        await Assign(kim, [Permissions.CheckinScan, Permissions.OrderRead], 2);
        await Assign(kim, [], 1);

        Assert.Equal([$"{eventId} checkin.scan order.read"], await EventPermissionsOf(kim));

        await app.Bus.Say(new EventStaffRemoved(eventId, organization, kim.Account.Id, kim.Account.Id) { At = At(3) }, eventId.ToString());
        Assert.Empty(await EventPermissionsOf(kim));

        await Assign(kim, [Permissions.CheckinScan], 4);
        Assert.Single(await EventPermissionsOf(kim));
        await Remove(kim, organization, 5);
        await Assign(kim, [Permissions.CheckinScan], 6);
        Assert.False(Read((await app.SignIn("kim@door.example")).AccessToken).TryGetPayloadValue<string[]>("eperms", out _));
    }

    [Fact]
    public async Task Access_that_is_heard_of_holds_for_tokens_that_are_out()
    {
        var kim = await app.SignUp("kim@door.example");
        await Give(kim, organization, "Office", [Permissions.StaffManage], 1);
        kim = await app.SignIn("kim@door.example");
        Assert.Equal(HttpStatusCode.OK, (await app.As(kim, HttpMethod.Get, "api-keys")).StatusCode);

        await Give(kim, organization, "Office", [], 2);

        Assert.Equal(HttpStatusCode.Forbidden, (await app.As(kim, HttpMethod.Get, "api-keys")).StatusCode);
    }

    [Fact]
    public async Task A_new_owner_is_an_organiser_and_the_old_one_a_manager()
    {
        var ada = await app.SignUp("ada@river.example", "organizers");
        var kim = await app.SignUp("kim@door.example");
        await app.Bus.Say(new OrganizationCreated(organization, ada.Account.Id, "Riverside"), organization.ToString());
        await Give(kim, organization, "Door", [Permissions.CheckinScan], 1);

        await Give(kim, organization, "owner", [.. Permissions.All], 2);
        await Give(ada, organization, "manager", [Permissions.StaffManage], 2);

        var owner = await app.SignIn("kim@door.example");
        Assert.Equal(["organizer", "participant"], owner.Account.Roles.Order());
        Assert.Equal(9, owner.Account.Permissions.Length);
        Assert.Equal([Permissions.StaffManage], (await app.SignIn("ada@river.example")).Account.Permissions);
    }

    private async Task<string[]> PermissionsOf(SignedIn who) => (await app.SignIn(who.Account.Email)).Account.Permissions;

    private async Task<string[]> EventPermissionsOf(SignedIn who) =>
        Read((await app.SignIn(who.Account.Email)).AccessToken).TryGetPayloadValue<string[]>("eperms", out var held) ? held! : [];

    // The account was made, and its organisation, before any of this was decided.
    private DateTimeOffset At(int number) => app.Clock.Now.AddSeconds(number);

    private Task Give(SignedIn who, Guid where, string role, string[] permissions, int at) => app.Bus.Say(
        new StaffAccessChanged(where, who.Account.Id, who.Account.Id, role, permissions) { At = At(at) }, where.ToString());

    private Task Remove(SignedIn who, Guid where, int at) =>
        app.Bus.Say(new StaffRemoved(where, who.Account.Id, who.Account.Id) { At = At(at) }, where.ToString());

    private Task Assign(SignedIn who, string[] permissions, int at) => app.Bus.Say(
        new EventStaffAssigned(eventId, organization, who.Account.Id, who.Account.Id, "Door", permissions) { At = At(at) }, eventId.ToString());

    private Task<HttpResponseMessage> Switch(SignedIn who, Guid where) =>
        app.As(who, HttpMethod.Put, "sessions/current/organization", new { organizationId = where });

    private static JsonWebToken Read(string token) => new(token);

    private sealed record Switched(Guid OrganizationId, string AccessToken);
}
