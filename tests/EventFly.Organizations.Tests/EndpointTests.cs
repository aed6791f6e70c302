using EventFly.Testing;

namespace EventFly.Organizations.Tests;

public sealed class EndpointTests
{
    [Fact]
    public void Every_endpoint_says_who_may_call_it()
    {
        using var app = new OrganizationsApp();

        Assert.Equal(
            [
                "DELETE /api/organizations/packages/{packageId:guid}: platform-admin",
                "DELETE /api/organizations/{organizationId:guid}/roles/{roleId:guid}: permission staff.manage",
                "DELETE /api/organizations/{organizationId:guid}/staff/{staffId:guid}/invitation: permission staff.manage",
                "DELETE /api/organizations/{organizationId:guid}/staff/{staffId:guid}: permission staff.manage",
                "GET /api/organizations/mine: organizer or staff",
                "GET /api/organizations/packages/: anybody",
                "GET /api/organizations/packages/{packageId:guid}: anybody",
                "GET /api/organizations/{organizationId:guid}/audit: organizer or staff",
                "GET /api/organizations/{organizationId:guid}/plan: organizer or staff",
                "GET /api/organizations/{organizationId:guid}/roles/: permission staff.manage",
                "GET /api/organizations/{organizationId:guid}/roles/{roleId:guid}: permission staff.manage",
                "GET /api/organizations/{organizationId:guid}/staff/: permission staff.manage",
                "GET /api/organizations/{organizationId:guid}/staff/{staffId:guid}: permission staff.manage",
                "GET /api/organizations/{organizationId:guid}: anybody",
                "POST /api/organizations/{organizationId:guid}/staff/{staffId:guid}/invitation: permission staff.manage",
                "PUT /api/organizations/packages/{packageId:guid}: platform-admin",
                "PUT /api/organizations/{organizationId:guid}/owner: organizer or staff",
                "PUT /api/organizations/{organizationId:guid}/profile: organizer or staff",
                "PUT /api/organizations/{organizationId:guid}/roles/{roleId:guid}: permission staff.manage",
                "PUT /api/organizations/{organizationId:guid}/staff/{staffId:guid}/role: permission staff.manage",
                "PUT /api/organizations/{organizationId:guid}/staff/{staffId:guid}: permission staff.manage",
                "PUT /api/organizations/{organizationId:guid}: organizer",
            ],
            EndpointAccess.TableOf(app.Services));
    }

    [Fact]
    public async Task Bad_input_is_always_refused()
    {
        using var app = new OrganizationsApp();

        await BadInput.IsAlwaysRefused(app, OrganizationsApp.NewOrganizer(), TestUser.Staff(Guid.CreateVersion7(), "staff.manage"), TestUser.Participant(),
            OrganizationsApp.Platform);
    }
}
