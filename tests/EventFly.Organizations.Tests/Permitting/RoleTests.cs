using System.Net;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Organizations;
using EventFly.Testing;

namespace EventFly.Organizations.Tests.Permitting;

public sealed class RoleTests : IAsyncLifetime
{
    private readonly OrganizationsApp app = new();
    private Company company = null!;

    public async ValueTask InitializeAsync() => company = await Company.In(app);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Every_organisation_has_an_owner_managers_and_a_default_role()
    {
        var roles = await OrganizationsApp.Read<Roles>(await company.Send(company.Owner, HttpMethod.Get, "/roles"));

        Assert.Equal(["owner", "manager", "default"], roles.Items.Select(role => role.Name));
        Assert.Equal(Permissions.All, roles.Items[0].Permissions);
        Assert.Equal(Permissions.All.Except([Permissions.BillingManage]), roles.Items[1].Permissions);
        Assert.Empty(roles.Items[2].Permissions);
        Assert.Equal(1, roles.Items[0].People);
    }

    [Fact]
    public async Task A_role_is_added_changed_and_removed()
    {
        var roleId = Guid.CreateVersion7();
        var added = await company.PutRole(company.Owner, roleId, " Door ", [Permissions.OrderRead, Permissions.CheckinScan, Permissions.OrderRead]);
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Assert.Equal(("Door", 2), (await OrganizationsApp.Read<Role>(added)) is var role ? (role.Name, role.Permissions.Length) : default);

        Assert.Equal("\"v1\"", (await company.PutRole(company.Owner, roleId, "Door", [Permissions.CheckinScan, Permissions.OrderRead])).Headers.ETag?.Tag);
        await IsRefused(await company.PutRole(company.Owner, roleId, "Gate", [Permissions.CheckinScan]), HttpStatusCode.PreconditionRequired, "if-match-required");
        await IsRefused(await company.PutRole(company.Owner, roleId, "Gate", [Permissions.CheckinScan], "\"v9\""), HttpStatusCode.PreconditionFailed, "stale");

        var changed = await company.PutRole(company.Owner, roleId, "Gate", [Permissions.CheckinScan], "\"v1\"");
        Assert.Equal((HttpStatusCode.OK, "\"v2\""), (changed.StatusCode, changed.Headers.ETag?.Tag));

        Assert.Equal(HttpStatusCode.NoContent, (await company.Send(company.Owner, HttpMethod.Delete, $"/roles/{roleId}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await company.Send(company.Owner, HttpMethod.Delete, $"/roles/{roleId}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await company.Send(company.Owner, HttpMethod.Get, $"/roles/{roleId}")).StatusCode);
    }

    [Fact]
    public async Task A_permission_that_is_not_in_the_catalogue_is_named()
    {
        var problem = await IsRefused(
            await company.PutRole(company.Owner, Guid.CreateVersion7(), "Door", [Permissions.CheckinScan, "Checkin.Scan"]), HttpStatusCode.UnprocessableEntity, "permission-unknown");

        Assert.Contains("Checkin.Scan", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("permissions", problem.Errors!.Keys);
    }

    [Fact]
    public async Task A_name_is_used_once_whatever_its_capitals()
    {
        await company.Role("Door", Permissions.CheckinScan);

        await IsRefused(await company.PutRole(company.Owner, Guid.CreateVersion7(), "dOOR", []), HttpStatusCode.Conflict, "role-name-taken");
        await IsRefused(await company.PutRole(company.Owner, Guid.CreateVersion7(), "Owner", []), HttpStatusCode.Conflict, "role-name-taken");
        var other = await Company.In(app, "Elsewhere");
        Assert.Equal(HttpStatusCode.Created, (await other.PutRole(other.Owner, Guid.CreateVersion7(), "Door", [])).StatusCode);
    }

    [Fact]
    public async Task Owner_and_manager_are_the_same_everywhere_and_the_default_role_only_keeps_its_name()
    {
        await IsRefused(await company.PutRole(company.Owner, Company.OwnerRole, "owner", [], "\"v1\""), HttpStatusCode.Conflict, "role-built-in");
        await IsRefused(await company.PutRole(company.Owner, Company.ManagerRole, "manager", [], "\"v1\""), HttpStatusCode.Conflict, "role-built-in");
        await IsRefused(await company.PutRole(company.Owner, Company.DefaultRole, "nobody", [], "\"v1\""), HttpStatusCode.Conflict, "role-built-in");
        foreach (var builtIn in (Guid[])[Company.OwnerRole, Company.ManagerRole, Company.DefaultRole])
        {
            await IsRefused(await company.Send(company.Owner, HttpMethod.Delete, $"/roles/{builtIn}"), HttpStatusCode.Conflict, "role-built-in");
        }

        Assert.Equal(HttpStatusCode.OK, (await company.PutRole(company.Owner, Company.DefaultRole, "default", [Permissions.CheckinScan], "\"v1\"")).StatusCode);
        Assert.Equal([Permissions.CheckinScan], (await company.GetRole(Company.DefaultRole)).Permissions);
    }

    [Fact]
    public async Task Whose_role_is_removed_falls_back_to_the_default_one_at_once()
    {
        var door = await company.Role("Door", Permissions.CheckinScan, Permissions.StaffManage);
        var (staffId, kim) = await company.Member("kim@door.example", door);
        Assert.Equal(HttpStatusCode.OK, (await company.Send(kim, HttpMethod.Get, "/roles")).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await company.Send(company.Owner, HttpMethod.Delete, $"/roles/{door}")).StatusCode);

        Assert.Equal(HttpStatusCode.Forbidden, (await company.Send(kim, HttpMethod.Get, "/roles")).StatusCode);
        var fallen = await company.Get(staffId);
        Assert.Equal(("default", 0), (fallen.Role, fallen.Permissions.Length));
        Assert.Equal(kim.Id, (await app.Bus.Expect<StaffAccessChanged>(said => said.Role == "default")).AccountId);
    }

    [Fact]
    public async Task A_role_that_is_edited_is_edited_for_everybody_who_has_it_at_once_and_for_nobody_elsewhere()
    {
        var door = await company.Role("Door", Permissions.StaffManage);
        var (_, kim) = await company.Member("kim@door.example", door);
        var other = await Company.In(app, "Elsewhere");
        var (_, lee) = await other.Member("lee@door.example", await other.Role("Door", Permissions.StaffManage));

        Assert.Equal(HttpStatusCode.OK, (await company.PutRole(company.Owner, door, "Door", [Permissions.CheckinScan], "\"v1\"")).StatusCode);

        Assert.Equal(HttpStatusCode.Forbidden, (await company.Send(kim, HttpMethod.Get, "/roles")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await other.Send(lee, HttpMethod.Get, "/roles")).StatusCode);
        var said = await app.Bus.Expect<StaffAccessChanged>(said => said.AccountId == kim.Id && said.Permissions.SequenceEqual([Permissions.CheckinScan]));
        Assert.Equal("Door", said.Role);
    }

    [Fact]
    public async Task A_role_of_many_is_edited_for_all_of_them_also_while_Redis_is_away()
    {
        var door = await company.Role("Door", Permissions.StaffManage);
        var people = new List<TestUser>();
        for (var number = 0; number < 100; number++)
        {
            people.Add((await company.Member($"kim{number}@door.example", door)).User);
        }

        Assert.Equal(HttpStatusCode.OK, (await company.PutRole(company.Owner, door, "Door", [], "\"v1\"")).StatusCode);

        Assert.All(
            await Task.WhenAll(people.Select(member => company.Send(member, HttpMethod.Get, "/roles"))),
            answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
        await Eventually.True(() => app.Bus.Messages<StaffAccessChanged>().Where(said => said.Permissions.Count == 0).DistinctBy(said => said.AccountId).Count() == 100);
    }

    [Fact]
    public async Task Nobody_gives_away_or_takes_what_they_do_not_hold()
    {
        var clerk = await company.Role("Clerk", Permissions.StaffManage, Permissions.OrderRead);
        var refunds = await company.Role("Refunds", Permissions.OrderRefund);
        var (_, kim) = await company.Member("kim@office.example", clerk);

        var problem = await IsRefused(
            await company.PutRole(kim, Guid.CreateVersion7(), "Powers", [Permissions.OrderRead, Permissions.OrderRefund]), HttpStatusCode.Forbidden, "permission-not-held");
        Assert.Contains(Permissions.OrderRefund, problem.Detail, StringComparison.Ordinal);
        await IsRefused(await company.PutRole(kim, refunds, "Refunds", [], "\"v1\""), HttpStatusCode.Forbidden, "permission-not-held");
        await IsRefused(await company.Send(kim, HttpMethod.Delete, $"/roles/{refunds}"), HttpStatusCode.Forbidden, "permission-not-held");
        Assert.Equal(HttpStatusCode.Created, (await company.PutRole(kim, Guid.CreateVersion7(), "Readers", [Permissions.OrderRead])).StatusCode);
    }

    [Fact]
    public async Task Nobody_edits_or_removes_the_role_that_they_have()
    {
        var clerk = await company.Role("Clerk", Permissions.StaffManage, Permissions.OrderRead);
        var (_, kim) = await company.Member("kim@office.example", clerk);

        await IsRefused(await company.PutRole(kim, clerk, "Clerk", [Permissions.StaffManage], "\"v1\""), HttpStatusCode.Forbidden, "own-role");
        await IsRefused(await company.Send(kim, HttpMethod.Delete, $"/roles/{clerk}"), HttpStatusCode.Forbidden, "own-role");
    }

    [Fact]
    public async Task A_strangers_roles_look_like_none()
    {
        var door = await company.Role("Door", Permissions.CheckinScan);
        var other = await Company.In(app, "Elsewhere");

        foreach (var answer in (HttpResponseMessage[])
            [
                await company.Send(other.Owner, HttpMethod.Get, "/roles"),
                await company.Send(other.Owner, HttpMethod.Get, $"/roles/{door}"),
                await company.PutRole(other.Owner, door, "Mine", [], "\"v1\""),
                await company.Send(other.Owner, HttpMethod.Delete, $"/roles/{door}"),
            ])
        {
            await IsRefused(answer, HttpStatusCode.NotFound, "organization-not-found");
        }
    }

    [Fact]
    public async Task An_organisation_has_fifty_roles_at_most()
    {
        for (var count = 3; count < 50; count++)
        {
            await company.Role($"Role {count}");
        }

        await IsRefused(await company.PutRole(company.Owner, Guid.CreateVersion7(), "One more", []), HttpStatusCode.Conflict, "too-many-roles");
    }

    private static async Task<Problem> IsRefused(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var problem = await OrganizationsApp.Problem(response);
        Assert.Equal((status, code), (response.StatusCode, problem.Code));
        return problem;
    }
}
