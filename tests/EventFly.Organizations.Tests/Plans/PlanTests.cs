using System.Net;
using System.Text.Json;
using EventFly.Contracts.Organizations;
using EventFly.Contracts.Payments;
using EventFly.Testing;

namespace EventFly.Organizations.Tests.Plans;

public sealed class PlanTests : IDisposable
{
    private readonly OrganizationsApp app = new();
    private readonly TestUser admin = OrganizationsApp.Platform;
    private readonly Guid organization = Guid.CreateVersion7();
    private readonly Guid club = Guid.CreateVersion7();
    private readonly Guid arena = Guid.CreateVersion7();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task Without_a_default_package_nobody_is_limited()
    {
        var plan = await PlanOf(organization);

        Assert.Equal("none", plan.GetProperty("packageName").GetString());
        Assert.Empty(plan.GetProperty("limits").EnumerateObject());
    }

    [Fact]
    public async Task Organisations_without_a_subscription_have_the_default_also_those_that_were_there_before_it()
    {
        var (before, after) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await app.Create(OrganizationsApp.NewOrganizer(), before, new { name = "Before" });
        await Put(club, "Club", events: 3, isDefault: true);
        await app.Create(OrganizationsApp.NewOrganizer(), after, new { name = "After" });

        Assert.Equal("Club", (await app.Bus.Expect<PlanChanged>(told => told.OrganizationId == before)).PackageName);
        Assert.Equal(new PlanLimits(Events: 3), (await app.Bus.Expect<PlanChanged>(told => told.OrganizationId == after)).Limits);

        await app.Send(admin, HttpMethod.Delete, $"/packages/{club}");

        Assert.Equal(new PlanLimits(), (await app.Bus.Expect<PlanChanged>(told => told.OrganizationId == before && told.PackageId is null)).Limits);
        await app.Bus.Expect<PlanChanged>(told => told.OrganizationId == after && told.PackageId is null);
    }

    [Fact]
    public async Task A_subscription_makes_the_plan_and_its_end_gives_the_default_back()
    {
        await Put(club, "Club", events: 3, isDefault: true);
        await Put(arena, "Arena", events: null);

        await Hear(arena, "active", 1);
        Assert.Equal(arena, (await app.Bus.Expect<PlanChanged>(told => told.PackageId == arena)).PackageId);
        Assert.Equal("active", (await PlanOf(organization)).GetProperty("status").GetString());

        await Hear(arena, "pastDue", 2);
        Assert.Equal("Arena", (await PlanOf(organization)).GetProperty("packageName").GetString());

        await Hear(arena, "ended", 3);
        Assert.Equal(3, (await app.Bus.Expect<PlanChanged>(told => told.PackageId == club)).Limits.Events);
        Assert.Equal("Club", (await PlanOf(organization)).GetProperty("packageName").GetString());
    }

    [Fact]
    public async Task Old_news_and_repeated_news_change_nothing()
    {
        app.Bus.DeliverTwice = true;
        await Put(club, "Club", events: 3);
        await Put(arena, "Arena", events: 9);
        await Hear(arena, "active", 5);
        await app.Bus.Expect<PlanChanged>();

        await Hear(club, "active", 4);
        await Hear(arena, "active", 5);

        Assert.Equal("Arena", (await PlanOf(organization)).GetProperty("packageName").GetString());
        Assert.Single(app.Bus.Messages<PlanChanged>());
    }

    [Fact]
    public async Task Limits_that_the_platform_changes_hold_at_once_for_all_that_have_the_package()
    {
        await Put(club, "Club", events: 3);
        await Hear(club, "active", 1);
        await app.Bus.Expect<PlanChanged>(told => told.Limits.Events == 3);

        await Put(club, "Club", events: 7, etag: "\"v1\"");

        Assert.Equal(club, (await app.Bus.Expect<PlanChanged>(told => told.Limits.Events == 7)).PackageId);
    }

    [Fact]
    public async Task Strangers_do_not_see_a_plan() => Assert.Equal(
        HttpStatusCode.NotFound,
        (await app.Send(TestUser.Organizer(Guid.CreateVersion7(), "billing.manage"), HttpMethod.Get, $"/{organization}/plan")).StatusCode);

    private Task Hear(Guid package, string status, long sequence) => app.Bus.Say(
        new SubscriptionChanged(organization, package, status, app.Clock.Now.AddDays(30)), organization.ToString("N"), sequence);

    private async Task Put(Guid id, string name, int? events, bool isDefault = false, string? etag = null)
    {
        var answer = await app.Send(
            admin, HttpMethod.Put, $"/packages/{id}", new { name, price = 100, currency = "EUR", period = "month", limits = new { events }, isDefault }, etag);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await app.Bus.Expect<PackageChanged>(told => told.PackageId == id && told.Limits.Events == events);
    }

    private async Task<JsonElement> PlanOf(Guid id) =>
        await OrganizationsApp.Read<JsonElement>(await app.Send(TestUser.Organizer(id), HttpMethod.Get, $"/{id}/plan"));
}
