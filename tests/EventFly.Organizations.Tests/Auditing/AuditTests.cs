using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Events;
using EventFly.Testing;

namespace EventFly.Organizations.Tests.Auditing;

public sealed class AuditTests : IAsyncLifetime
{
    private readonly OrganizationsApp app = new();
    private Company company = null!;

    public async ValueTask InitializeAsync() => company = await Company.In(app);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task The_owner_reads_who_changed_what_the_last_change_first()
    {
        var door = await company.Role("Door", Permissions.CheckinScan);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var (kimsId, kim) = await company.Member("kim@door.example", door);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await company.PutRole(company.Owner, door, "Gate", [Permissions.CheckinScan, Permissions.OrderRead], "\"v1\"");
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await company.Send(company.Owner, HttpMethod.Delete, $"/staff/{kimsId}");

        var items = (await Read("", 6)).Items;

        Assert.Equal(["staff-removed", "role-changed", "staff-joined", "staff-invited", "role-added", "organization-created"], items.Select(item => item.Kind));
        Assert.Equal((company.Owner.Id, "Kim", kimsId), (items[0].ActorId, items[0].Subject, items[0].SubjectId));
        Assert.Equal(("Gate", "Door"), (items[1].Details["name"], items[1].Details["nameBefore"]));
        Assert.Equal(("order.read, checkin.scan", "checkin.scan"), (items[1].Details["permissions"], items[1].Details["permissionsBefore"]));
        Assert.Equal((kim.Id, "Kim"), (items[2].ActorId, items[2].Actor));
    }

    [Fact]
    public async Task Entries_are_found_by_actor_and_kind_and_come_in_pages()
    {
        var (_, manager) = await company.Member("mo@door.example", Company.ManagerRole);
        foreach (var name in (string[])["A", "B", "C"])
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            await company.PutRole(manager, Guid.CreateVersion7(), name, []);
        }

        await Read("", 6);
        Assert.Equal(["C", "B", "A"], (await Read("?kind=role-added", 3)).Items.Select(item => item.Details["name"]));
        Assert.Equal(4, (await Read($"?actor={manager.Id}", 4)).Items.Length);
        var first = await Read("?limit=2&kind=role-added", 2);
        var second = await Read($"?limit=2&kind=role-added&after={Uri.EscapeDataString(first.Next!)}", 1);
        Assert.Equal(["A"], second.Items.Select(item => item.Details["name"]));
    }

    [Fact]
    public async Task What_was_decided_about_event_staff_is_here_too_and_once()
    {
        var (staffId, eventId) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        app.Bus.DeliverTwice = true;
        await app.Bus.Say(
            new EventStaffAssigned(eventId, company.Id, staffId, Guid.CreateVersion7(), "Door", [Permissions.CheckinScan])
            {
                EventName = "Spring Concert", ActorId = company.Owner.Id, At = app.Clock.Now, IsNew = true,
            },
            eventId.ToString());
        await app.Bus.Say(new EventStaffRemoved(eventId, company.Id, staffId, Guid.CreateVersion7()) { At = app.Clock.Now }, eventId.ToString(), 2);

        var items = (await Read("", 3)).Items;

        var assigned = Assert.Single(items, item => item.Kind == "event-staff-assigned");
        Assert.Equal(("Spring Concert", company.Owner.Id), (assigned.Details["event"], assigned.ActorId));
        Assert.Null(Assert.Single(items, item => item.Kind == "event-staff-removed").ActorId);
    }

    [Fact]
    public async Task A_changed_profile_is_recorded_without_its_address()
    {
        await app.Change(company.Owner, company.Id, new { name = "Riverside", contactEmail = "hello@riverside.example" }, "\"v1\"");

        var details = (await Read("?kind=profile-changed", 1)).Items[0].Details;

        Assert.Equal(("Riverside", "Riverside Concerts"), (details["name"], details["nameBefore"]));
        Assert.DoesNotContain(details.Values, value => value.Contains('@', StringComparison.Ordinal));
    }

    private async Task<AuditPage> Read(string query, int expected)
    {
        AuditPage? page = null;
        await Eventually.True(async () =>
        {
            page = await OrganizationsApp.Read<AuditPage>(await company.Send(company.Owner, HttpMethod.Get, $"/audit{query}"));
            return page.Items.Length >= expected;
        });
        return page!;
    }
}
