using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Organizations;

namespace EventFly.Organizations.Profiles;

/// <summary>What everybody may know about an organisation.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
internal sealed record Profile(string Name, string? Description, string? Website, string? ContactEmail, string? Country);

/// <summary>Who sells tickets. Its owner may do everything; one organiser owns at most one.</summary>
internal sealed record Organization(Guid Id, Guid OwnerId, Profile Profile, DateTimeOffset CreatedAt)
{
    public static DocumentType<Organization> Documents { get; } = new DocumentType<Organization>("organizations", organization => IdOf(organization.Id))
        .Text("owner", organization => organization.OwnerId.ToString())
        .Index("owner")
        .Unique("owner", organization => organization.OwnerId.ToString());

    public static Refusal NoSuch => Refusal.NotFound("organization-not-found", "There is no such organisation.");

    public static string IdOf(Guid id) => id.ToString();

    /// <summary>The same request twice changes nothing; another one under a used id is refused.</summary>
    public static Change<Organization> Create(Organization? existing, Guid id, Guid owner, Profile profile, DateTimeOffset now) => existing switch
    {
        null => Change.To(new Organization(id, owner, profile, now), new OrganizationCreated(id, owner, profile.Name)),
        _ when existing.OwnerId != owner => Refusal.Conflict("organization-id-taken", "Use a fresh id."),
        _ when existing.Profile != profile => Refusal.Conflict(
            "organization-exists", "It exists already with another profile. Change that with PUT …/profile and If-Match."),
        _ => Decision.Nothing,
    };

    public Change<Organization> ChangeProfile(Profile profile) => profile == Profile
        ? Decision.Nothing
        : Change.To(this with { Profile = profile }, new OrganizationChanged(Id, profile.Name));

    /// <summary>The owner always, whatever the token knows already; staff with the permission.</summary>
    public bool MayBeChangedBy(CurrentUser user) => user.Id == OwnerId || (user.ActsFor(Id) && user.May(Permissions.StaffManage));
}
