using EventFly.BuildingBlocks;
using EventFly.Contracts.Organizations;
using EventFly.Contracts.Payments;
using EventFly.Organizations.Packages;
using EventFly.Organizations.Plans;
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
        services.AddDocuments(Package.Documents);
        services.AddDocuments(Plan.Documents);
        services.AddSingleton<PlanKeeper>();

        services.On<OrganizationCreated, WhenOrganizationCreated>();
        services.On<PackageChanged, WhenPackageChanged>();
        services.On<SubscriptionChanged, WhenSubscriptionChanged>();

        services.AddMessaging("organizations");
    }

    public static void MapOrganizations(this WebApplication app)
    {
        var organizations = app.MapGroup("/api/organizations").WithTags("organizations");
        CreateOrganization.Map(organizations);
        GetOrganization.Map(organizations);
        ChangeProfile.Map(organizations);
        ListMine.Map(organizations);
        GetPlan.Map(organizations);

        var packages = app.MapGroup("/api/organizations/packages").WithTags("packages");
        ListPackages.Map(packages);
        GetPackage.Map(packages);
        PutPackage.Map(packages);
        WithdrawPackage.Map(packages);
    }
}
