using EventFly.BuildingBlocks;
using EventFly.Organizations.Profiles;

namespace EventFly.Organizations;

/// <summary>Table of contents: what organizations stores and answers.</summary>
internal static class OrganizationsService
{
    public static void AddOrganizations(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidation();
        services.AddDocuments(Organization.Documents);
        services.AddMessaging("organizations");
    }

    public static void MapOrganizations(this WebApplication app)
    {
        var organizations = app.MapGroup("/api/organizations").WithTags("organizations");
        CreateOrganization.Map(organizations);
        GetOrganization.Map(organizations);
        ChangeProfile.Map(organizations);
        ListMine.Map(organizations);
    }
}
