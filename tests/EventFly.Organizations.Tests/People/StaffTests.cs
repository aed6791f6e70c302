using System.Net;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Auth;
using EventFly.Contracts.Organizations;
using EventFly.Organizations.Staff;
using EventFly.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EventFly.Organizations.Tests.People;

public sealed class StaffTests : IAsyncLifetime
{
    private readonly OrganizationsApp app = new();
    private readonly Guid staffId = Guid.CreateVersion7();
    private Company company = null!;
    private Guid door;

    public async ValueTask InitializeAsync()
    {
        company = await Company.In(app);
        door = await company.Role("Door", Permissions.CheckinScan);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Whoever_is_invited_is_announced_with_what_they_will_hold()
    {
        var answer = await company.Invite(company.Owner, staffId, " Kim@Door.example ", door);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var staff = await OrganizationsApp.Read<Staff>(answer);
        Assert.Equal(("kim@door.example", "Kim", "Door", "invited", (Guid?)null), (staff.Email, staff.Name, staff.Role, staff.State, staff.AccountId));
        Assert.Equal(new StaffInvited(company.Id, staffId, "kim@door.example", "Kim", "Riverside Concerts"), await app.Bus.Expect<StaffInvited>());
        var access = await app.Bus.Expect<StaffAccessChanged>();
        Assert.Equal((staffId, (Guid?)null, "Door"), (access.StaffId, access.AccountId, access.Role));
        Assert.Equal([Permissions.CheckinScan], access.Permissions);
    }

    [Fact]
    public async Task The_same_invitation_again_changes_nothing_and_another_one_under_the_id_is_refused()
    {
        await company.Invite(company.Owner, staffId, "kim@door.example", door);

        Assert.Equal(HttpStatusCode.OK, (await company.Invite(company.Owner, staffId, "kim@door.example", door)).StatusCode);
        await IsRefused(await company.Invite(company.Owner, staffId, "lee@door.example", door), HttpStatusCode.Conflict, "staff-exists");
        await IsRefused(await company.Invite(company.Owner, Guid.CreateVersion7(), "KIM@door.example", door), HttpStatusCode.Conflict, "already-staff");
        await app.Bus.Expect<StaffInvited>();
        Assert.Single(app.Bus.Messages<StaffInvited>());
    }

    [Fact]
    public async Task Only_somebody_with_a_verified_address_invites() =>
        await IsRefused(
            await company.Invite(company.Owner with { IsEmailVerified = false }, staffId, "kim@door.example", door), HttpStatusCode.Forbidden, "email-not-verified");

    [Fact]
    public async Task Whoever_accepted_works_here_and_holds_what_the_role_says_by_now()
    {
        await company.Invite(company.Owner, staffId, "kim@door.example", door);
        await company.PutRole(company.Owner, door, "Door", [Permissions.CheckinScan, Permissions.OrderRead], "\"v1\"");
        var account = Guid.CreateVersion7();

        app.Bus.DeliverTwice = true;
        await app.Bus.Say(new StaffJoined(company.Id, staffId, account), staffId.ToString());

        var kim = await company.Get(staffId);
        Assert.Equal(("active", account), (kim.State, kim.AccountId));
        var access = await app.Bus.Expect<StaffAccessChanged>(said => said.AccountId == account);
        Assert.Equal([Permissions.OrderRead, Permissions.CheckinScan], access.Permissions);
        Assert.Single(app.Bus.Messages<StaffAccessChanged>(), said => said.AccountId == account);
    }

    [Fact]
    public async Task An_invitation_that_was_withdrawn_lets_nobody_in()
    {
        await company.Invite(company.Owner, staffId, "kim@door.example", door);
        Assert.Equal(HttpStatusCode.NoContent, (await company.Send(company.Owner, HttpMethod.Delete, $"/staff/{staffId}/invitation")).StatusCode);
        Assert.Null((await app.Bus.Expect<StaffRemoved>()).AccountId);

        // Auth had let them in before it heard of that.
        var account = Guid.CreateVersion7();
        await app.Bus.Say(new StaffJoined(company.Id, staffId, account), staffId.ToString());

        Assert.Equal("removed", (await company.Get(staffId)).State);
        await app.Bus.Expect<StaffRemoved>(said => said.AccountId == account);
        await IsRefused(await company.Invite(company.Owner, staffId, "kim@door.example", door), HttpStatusCode.Conflict, "staff-removed");
        Assert.Equal(HttpStatusCode.Created, (await company.Invite(company.Owner, Guid.CreateVersion7(), "kim@door.example", door)).StatusCode);
    }

    [Fact]
    public async Task An_invitation_is_sent_again_once_a_minute()
    {
        await company.Invite(company.Owner, staffId, "kim@door.example", door);

        await IsRefused(await company.Send(company.Owner, HttpMethod.Post, $"/staff/{staffId}/invitation"), HttpStatusCode.TooManyRequests, "invited-lately");
        app.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(HttpStatusCode.OK, (await company.Send(company.Owner, HttpMethod.Post, $"/staff/{staffId}/invitation")).StatusCode);

        Assert.Equal(2, (await app.Bus.Expect<StaffInvited>(said => said.Number > 1)).Number);
    }

    [Fact]
    public async Task Whoever_is_removed_is_out_at_once()
    {
        var manages = await company.Role("Office", Permissions.StaffManage);
        var (kimsId, kim) = await company.Member("kim@door.example", manages);
        Assert.Equal(HttpStatusCode.OK, (await company.Send(kim, HttpMethod.Get, "/staff")).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await company.Send(company.Owner, HttpMethod.Delete, $"/staff/{kimsId}")).StatusCode);

        Assert.Equal(HttpStatusCode.Forbidden, (await company.Send(kim, HttpMethod.Get, "/staff")).StatusCode);
        Assert.Equal(kim.Id, (await app.Bus.Expect<StaffRemoved>()).AccountId);
        Assert.Equal(HttpStatusCode.NoContent, (await company.Send(company.Owner, HttpMethod.Delete, $"/staff/{kimsId}")).StatusCode);
        await IsRefused(await company.Send(company.Owner, HttpMethod.Delete, $"/staff/{Guid.CreateVersion7()}"), HttpStatusCode.NotFound, "staff-not-found");
    }

    [Fact]
    public async Task Another_role_holds_at_once()
    {
        var (kimsId, kim) = await company.Member("kim@door.example", door);
        Assert.Equal(HttpStatusCode.Forbidden, (await company.Send(kim, HttpMethod.Get, "/staff")).StatusCode);

        await IsRefused(await ChangeRole(company.Owner, kimsId, Company.ManagerRole), HttpStatusCode.PreconditionRequired, "if-match-required");
        Assert.Equal(HttpStatusCode.OK, (await ChangeRole(company.Owner, kimsId, Company.ManagerRole, (await company.Get(kimsId)).ETag)).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await company.Send(kim, HttpMethod.Get, "/staff")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ChangeRole(company.Owner, kimsId, Company.ManagerRole)).StatusCode);
    }

    [Fact]
    public async Task Below_the_owner_nobody_reaches_the_owner_themselves_or_those_who_hold_more()
    {
        var office = await company.Role("Office", Permissions.StaffManage, Permissions.CheckinScan);
        var (kimsId, kim) = await company.Member("kim@door.example", office);
        var (managersId, manager) = await company.Member("mo@door.example", Company.ManagerRole);
        var (scannersId, _) = await company.Member("lee@door.example", door);

        await IsRefused(await ChangeRole(manager, company.Owner.Id, door, "\"v1\""), HttpStatusCode.Conflict, "owner-stays");
        await IsRefused(await company.Send(manager, HttpMethod.Delete, $"/staff/{company.Owner.Id}"), HttpStatusCode.Conflict, "owner-stays");
        await IsRefused(await ChangeRole(manager, kimsId, Company.OwnerRole, "\"v2\""), HttpStatusCode.UnprocessableEntity, "one-owner");
        await IsRefused(await company.Invite(manager, staffId, "al@door.example", Company.OwnerRole), HttpStatusCode.UnprocessableEntity, "one-owner");
        await IsRefused(await ChangeRole(kim, kimsId, door, "\"v2\""), HttpStatusCode.Forbidden, "own-role");
        await IsRefused(await ChangeRole(kim, managersId, door, "\"v2\""), HttpStatusCode.Forbidden, "permission-not-held");
        await IsRefused(await company.Send(kim, HttpMethod.Delete, $"/staff/{managersId}"), HttpStatusCode.Forbidden, "permission-not-held");
        await IsRefused(await ChangeRole(kim, scannersId, Company.ManagerRole, "\"v2\""), HttpStatusCode.Forbidden, "permission-not-held");
        await IsRefused(await company.Invite(kim, staffId, "al@door.example", Company.ManagerRole), HttpStatusCode.Forbidden, "permission-not-held");
        Assert.Equal(HttpStatusCode.Created, (await company.Invite(kim, staffId, "al@door.example", door)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ChangeRole(manager, kimsId, door, "\"v2\"")).StatusCode);
    }

    [Fact]
    public async Task What_a_token_says_is_not_enough_when_the_team_says_otherwise()
    {
        var stranger = TestUser.Staff(company.Id, [.. Permissions.All]);

        await IsRefused(await company.Invite(stranger, staffId, "kim@door.example", door), HttpStatusCode.Forbidden, "permission-lost");
    }

    [Fact]
    public async Task The_staff_is_listed_by_page_and_state()
    {
        var (kimsId, _) = await company.Member("kim@door.example", door);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await company.Invite(company.Owner, staffId, "lee@door.example", door);

        var first = await OrganizationsApp.Read<StaffPage>(await company.Send(company.Owner, HttpMethod.Get, "/staff?limit=2"));
        Assert.Equal([company.Owner.Id, kimsId], first.Items.Select(item => item.StaffId));
        var second = await OrganizationsApp.Read<StaffPage>(await company.Send(company.Owner, HttpMethod.Get, $"/staff?limit=2&after={first.Next}"));
        Assert.Equal([staffId], second.Items.Select(item => item.StaffId));
        Assert.Null(second.Next);
        var invited = await OrganizationsApp.Read<StaffPage>(await company.Send(company.Owner, HttpMethod.Get, "/staff?state=invited"));
        Assert.Equal([staffId], invited.Items.Select(item => item.StaffId));
        Assert.Equal(HttpStatusCode.BadRequest, (await company.Send(company.Owner, HttpMethod.Get, "/staff?after=nonsense")).StatusCode);
    }

    [Fact]
    public async Task A_strangers_staff_looks_like_none()
    {
        var (kimsId, _) = await company.Member("kim@door.example", door);
        var other = (await Company.In(app, "Elsewhere")).Owner;

        foreach (var answer in (HttpResponseMessage[])
            [
                await company.Send(other, HttpMethod.Get, "/staff"),
                await company.Send(other, HttpMethod.Get, $"/staff/{kimsId}"),
                await company.Invite(other, staffId, "lee@door.example", door),
                await company.Send(other, HttpMethod.Delete, $"/staff/{kimsId}"),
                await company.Send(other, HttpMethod.Delete, $"/staff/{kimsId}/invitation"),
                await company.Send(other, HttpMethod.Post, $"/staff/{kimsId}/invitation"),
                await ChangeRole(other, kimsId, Company.ManagerRole, "\"v2\""),
                await company.Send(other, HttpMethod.Put, "/owner", new { staffId = kimsId }),
                await company.Send(other, HttpMethod.Get, "/audit"),
            ])
        {
            await IsRefused(answer, HttpStatusCode.NotFound, "organization-not-found");
        }
    }

    [Fact]
    public async Task Whose_account_is_deleted_is_nowhere_by_name_or_address_and_works_nowhere()
    {
        var (kimsId, kim) = await company.Member("kim@door.example", door);
        var forget = app.Services.GetRequiredService<ForgetPerson>();

        await forget.Everywhere(kim.Id, CancellationToken.None);
        await forget.Everywhere(kim.Id, CancellationToken.None);

        var gone = await company.Get(kimsId);
        Assert.Equal(("removed", (string?)null, (string?)null), (gone.State, gone.Email, gone.Name));
        Assert.Equal(kim.Id, (await app.Bus.Expect<StaffRemoved>()).AccountId);
        Assert.Equal(HttpStatusCode.Created, (await company.Invite(company.Owner, staffId, "kim@door.example", door)).StatusCode);
        await app.Bus.Settled();
        Assert.DoesNotContain(
            "kim@", await (await company.Send(company.Owner, HttpMethod.Get, "/audit")).Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
        Assert.Single(app.Bus.Messages<StaffRemoved>());
    }

    [Fact]
    public async Task The_owner_hands_the_organisation_over_and_goes_on_as_manager()
    {
        var (kimsId, kim) = await company.Member("kim@door.example", door);

        Assert.Equal(HttpStatusCode.NoContent, (await HandOver(company.Owner, kimsId)).StatusCode);

        Assert.Equal(new OwnerChanged(company.Id, company.Owner.Id, kim.Id), await app.Bus.Expect<OwnerChanged>());
        Assert.Equal(HttpStatusCode.OK, (await company.Send(kim, HttpMethod.Get, "/audit")).StatusCode);
        await IsRefused(await company.Send(company.Owner, HttpMethod.Get, "/audit"), HttpStatusCode.Forbidden, "owner-only");
        Assert.Equal("manager", (await OrganizationsApp.Read<Staff>(await company.Send(kim, HttpMethod.Get, $"/staff/{company.Owner.Id}"))).Role);
        Assert.Equal(HttpStatusCode.NoContent, (await HandOver(kim, kimsId)).StatusCode);
        await app.Bus.Expect<StaffAccessChanged>(said => said.Role == "manager");
        await app.Bus.Settled();
        Assert.Single(app.Bus.Messages<OwnerChanged>());
        Assert.Equal(
            [(company.Owner.Id, "manager"), (kim.Id, "owner")],
            app.Bus.Messages<StaffAccessChanged>().Where(said => said.AccountId is not null).TakeLast(2).Select(said => (said.AccountId!.Value, said.Role)).OrderBy(said => said.Role));
    }

    [Fact]
    public async Task Nobody_but_the_owner_hands_it_over_and_only_to_somebody_who_works_here()
    {
        var (managersId, manager) = await company.Member("mo@door.example", Company.ManagerRole);
        await company.Invite(company.Owner, staffId, "lee@door.example", door);

        await IsRefused(await HandOver(manager, managersId), HttpStatusCode.Forbidden, "owner-only");
        await IsRefused(await HandOver(company.Owner, staffId), HttpStatusCode.UnprocessableEntity, "staff-not-found");
    }

    [Fact]
    public async Task Nobody_comes_to_own_two_organisations()
    {
        var other = await Company.In(app, "Elsewhere");
        await other.Invite(other.Owner, staffId, "ada@river.example", Company.ManagerRole);
        await app.Bus.Say(new StaffJoined(other.Id, staffId, company.Owner.Id), staffId.ToString());

        await IsRefused(await other.Send(other.Owner, HttpMethod.Put, "/owner", new { staffId }), HttpStatusCode.Conflict, "already-owner");
    }

    private Task<HttpResponseMessage> ChangeRole(TestUser user, Guid id, Guid roleId, string? etag = null) =>
        company.Send(user, HttpMethod.Put, $"/staff/{id}/role", new { roleId }, etag);

    private Task<HttpResponseMessage> HandOver(TestUser user, Guid id) => company.Send(user, HttpMethod.Put, "/owner", new { staffId = id });

    private static async Task IsRefused(HttpResponseMessage response, HttpStatusCode status, string code) =>
        Assert.Equal((status, code), (response.StatusCode, (await OrganizationsApp.Problem(response)).Code));
}
