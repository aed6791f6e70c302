using System.Net;
using EventFly.Contracts.Organizations;
using EventFly.Testing;

namespace EventFly.Organizations.Tests.Profiles;

public sealed class ProfileTests : IAsyncLifetime
{
    private readonly OrganizationsApp app = new();
    private readonly TestUser ada = OrganizationsApp.NewOrganizer();
    private readonly Guid id = Guid.CreateVersion7();

    public async ValueTask InitializeAsync() => Assert.True((await app.Create(ada, id, new { name = "Riverside" })).IsSuccessStatusCode);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Everybody_sees_the_profile_and_not_who_owns_it()
    {
        var response = await app.Send(null, HttpMethod.Get, $"/{id}");

        Assert.Equal("\"v1\"", response.Headers.ETag?.Tag);
        Assert.Equal(new Organization(id, "Riverside", CreatedAt: app.Clock.Now), await OrganizationsApp.Read<Organization>(response));
        Assert.DoesNotContain(ada.Id.ToString(), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_was_read_before_is_not_sent_again()
    {
        Assert.Equal(HttpStatusCode.NotModified, (await app.Send(null, HttpMethod.Get, $"/{id}", etag: "\"v1\"")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Send(null, HttpMethod.Get, $"/{id}", etag: "\"v2\"")).StatusCode);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        var response = await app.Send(null, HttpMethod.Get, $"/{Guid.CreateVersion7()}");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("organization-not-found", (await OrganizationsApp.Problem(response)).Code);
    }

    [Fact]
    public async Task The_owner_changes_the_profile_and_everybody_hears_of_it()
    {
        var response = await app.Change(ada, id, new { name = "Riverside Concerts", country = "DE" }, "\"v1\"");

        Assert.Equal("\"v2\"", response.Headers.ETag?.Tag);
        Assert.Equal("Riverside Concerts", (await OrganizationsApp.Read<Organization>(response)).Name);
        Assert.Equal("DE", (await OrganizationsApp.Read<Organization>(await app.Send(null, HttpMethod.Get, $"/{id}"))).Country);
        Assert.Equal(new OrganizationChanged(id, "Riverside Concerts"), await app.Bus.Expect<OrganizationChanged>());
    }

    [Fact]
    public async Task What_changes_nothing_is_not_announced()
    {
        var same = await app.Change(ada, id, new { name = "Riverside" }, "\"v1\"");
        await app.Change(ada, id, new { name = "Riverside Concerts" }, "\"v1\"");

        Assert.Equal("\"v1\"", same.Headers.ETag?.Tag);
        await app.Bus.Expect<OrganizationChanged>(changed => changed.Name == "Riverside Concerts");
        Assert.Single(app.Bus.Messages<OrganizationChanged>());
    }

    [Fact]
    public async Task Two_who_read_the_same_version_do_not_overwrite_each_other()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(one => app.Change(ada, id, new { name = $"Name {one}" }, "\"v1\"")));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.OK);
        Assert.Equal(4, answers.Count(answer => answer.StatusCode is HttpStatusCode.PreconditionFailed));
    }

    [Fact]
    public async Task Nobody_changes_what_they_have_not_read()
    {
        var response = await app.Change(ada, id, new { name = "Blind" }, null);

        Assert.Equal(HttpStatusCode.PreconditionRequired, response.StatusCode);
    }

    [Fact]
    public async Task A_strangers_organisation_looks_like_none()
    {
        var strangers = new[]
        {
            OrganizationsApp.NewOrganizer(),
            TestUser.Organizer(Guid.CreateVersion7(), "staff.manage"),
            TestUser.Staff(Guid.CreateVersion7(), "staff.manage"),
            TestUser.Staff(id, "event.edit"),
        };

        foreach (var stranger in strangers)
        {
            var response = await app.Change(stranger, id, new { name = "Taken" }, "\"v1\"");
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Equal("organization-not-found", (await OrganizationsApp.Problem(response)).Code);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await app.Change(TestUser.Participant(), id, new { name = "Taken" }, "\"v1\"")).StatusCode);
        Assert.Equal("Riverside", (await OrganizationsApp.Read<Organization>(await app.Send(null, HttpMethod.Get, $"/{id}"))).Name);
    }

    [Fact]
    public async Task Staff_with_the_permission_may_change_it()
    {
        Assert.Equal(HttpStatusCode.OK, (await app.Change(TestUser.Staff(id, "staff.manage"), id, new { name = "By staff" }, "\"v1\"")).StatusCode);
    }

    [Fact]
    public async Task Everybody_sees_their_own_organisation_and_no_other()
    {
        Assert.Equal([id], await Mine(ada));
        Assert.Equal([id], await Mine(ada with { OrganizationId = id }));
        Assert.Equal([id], await Mine(TestUser.Staff(id)));
        Assert.Empty(await Mine(OrganizationsApp.NewOrganizer()));
        Assert.Empty(await Mine(TestUser.Staff(Guid.CreateVersion7())));
    }

    private async Task<IEnumerable<Guid>> Mine(TestUser user) =>
        (await OrganizationsApp.Read<Organizations>(await app.Send(user, HttpMethod.Get, "/mine"))).Items.Select(organization => organization.Id);
}
