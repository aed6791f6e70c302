using EventFly.BuildingBlocks.Http;
using EventFly.Testing;

namespace EventFly.Events.Tests;

public sealed class BadInputTests(EventsApp app) : IClassFixture<EventsApp>
{
    [Fact]
    public async Task Bad_input_is_always_refused() =>
        await BadInput.IsAlwaysRefused(app, TestUser.Organizer(Guid.CreateVersion7(), EventsApp.All), TestUser.Staff(Guid.CreateVersion7(), Permissions.StaffManage), TestUser.Participant());
}
