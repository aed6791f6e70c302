using EventFly.BuildingBlocks;
using EventFly.Contracts.Auth;
using EventFly.Contracts.Events;
using EventFly.Contracts.Organizations;
using EventFly.Contracts.Payments;
using EventFly.Organizations.Audit;
using EventFly.Organizations.Packages;
using EventFly.Organizations.Plans;
using EventFly.Organizations.Profiles;
using EventFly.Organizations.Roles;
using EventFly.Organizations.Staff;

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
        services.AddDocuments(Team.Documents);
        services.AddDocuments(AuditEntry.Documents);
        services.AddMessaging("organizations");
        services.On<OrganizationCreated, WhenOrganizationCreated>();
        services.On<PackageChanged, WhenPackageChanged>();
        services.On<SubscriptionChanged, WhenSubscriptionChanged>();
        services.On<StaffJoined, WhenStaffJoined>();
        services.On<OwnerChanged, WhenOwnerChanged>();
        services.On<AuditRecorded, WhenAuditRecorded>();
        services.On<PlanChanged, WhenPlanChanged>();
        services.On<EventStaffAssigned, WhenEventStaffAssigned>();
        services.On<EventStaffRemoved, WhenEventStaffRemoved>();

        services.AddSingleton<PlanKeeper>();
        services.AddSingleton<ChangeTeam>();
        services.AddSingleton<ForgetPerson>();
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

        var organization = app.MapGroup("/api/organizations/{organizationId:guid}").WithTags("organizations");
        ChangeOwner.Map(organization);
        ListAudit.Map(organization);

        var roles = app.MapGroup("/api/organizations/{organizationId:guid}/roles").WithTags("roles");
        ListRoles.Map(roles);
        GetRole.Map(roles);
        PutRole.Map(roles);
        RemoveRole.Map(roles);

        var staff = app.MapGroup("/api/organizations/{organizationId:guid}/staff").WithTags("staff");
        ListStaff.Map(staff);
        GetStaff.Map(staff);
        InviteStaff.Map(staff);
        InviteStaffAgain.Map(staff);
        WithdrawInvitation.Map(staff);
        ChangeStaffRole.Map(staff);
        RemoveStaff.Map(staff);
    }
}
