using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Organizations;

namespace EventFly.Organizations.Profiles;

/// <summary>What everybody may know about an organisation.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
internal sealed record Profile(string Name, string? Description, string? Website, string? ContactEmail, string? Country)
{
    /// <summary>Where the logo lies.</summary>
    public string? LogoUrl { get; init; }
}

/// <summary>Who sells tickets. Its owner may do everything; one organiser owns at most one.</summary>
internal sealed record Organization(Guid Id, Guid OwnerId, Profile Profile, DateTimeOffset CreatedAt)
{
    private const int LongestInAudit = 200;

    public static DocumentType<Organization> Documents { get; } = new DocumentType<Organization>("organizations", organization => IdOf(organization.Id))
        .Text("owner", organization => organization.OwnerId.ToString())
        .Index("owner")
        .Unique("owner", organization => organization.OwnerId.ToString());

    public static Refusal NoSuch => Refusal.NotFound("organization-not-found", "There is no such organisation.");

    public static string IdOf(Guid id) => id.ToString();

    /// <summary>The same request twice changes nothing; another one under a used id is refused.</summary>
    public static Change<Organization> Create(Organization? existing, Guid id, Guid owner, Profile profile, DateTimeOffset now) => existing switch
    {
        null => Change.To(
            new Organization(id, owner, profile, now),
            new OrganizationCreated(id, owner, profile.Name),
            new AuditRecorded(Guid.CreateVersion7(now), id, owner, "organization-created", null, now)),
        _ when existing.OwnerId != owner => Refusal.Conflict("organization-id-taken", "Use a fresh id."),
        _ when existing.Profile != profile => Refusal.Conflict(
            "organization-exists", "It exists already with another profile. Change that with PUT …/profile and If-Match."),
        _ => Decision.Nothing,
    };

    public Change<Organization> ChangeProfile(Profile profile, Guid actor, DateTimeOffset now) => profile == Profile
        ? Decision.Nothing
        : Change.To(
            this with { Profile = profile },
            new OrganizationChanged(Id, profile.Name),
            new AuditRecorded(Guid.CreateVersion7(now), Id, actor, "profile-changed", null, now) { Details = Differences(Profile, profile) });

    /// <summary>Only the owner gives it away, and only once: the same again changes nothing.</summary>
    public Change<Organization> HandOver(Guid by, Guid heir, DateTimeOffset now) =>
        heir == OwnerId ? Decision.Nothing
        : by != OwnerId ? Refusal.Forbidden("owner-only", "Only the owner can do this.")
        : Change.To(
            this with { OwnerId = heir },
            new OwnerChanged(Id, OwnerId, heir),
            new AuditRecorded(Guid.CreateVersion7(now), Id, by, "owner-changed", heir, now));

    /// <summary>The owner always, whatever the token knows already; staff with the permission.</summary>
    public bool MayBeChangedBy(CurrentUser user) => user.Id == OwnerId || (user.ActsFor(Id) && user.May(Permissions.StaffManage));

    private static Dictionary<string, string> Differences(Profile before, Profile after)
    {
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, old, changed) in (IEnumerable<(string, string?, string?)>)
            [
                ("name", before.Name, after.Name), ("description", before.Description, after.Description), ("website", before.Website, after.Website),
                ("country", before.Country, after.Country), ("logoUrl", before.LogoUrl, after.LogoUrl),
            ])
        {
            if (old != changed)
            {
                said[name] = Shortened(changed);
                said[$"{name}Before"] = Shortened(old);
            }
        }

        // Which address it is or was, nobody has to read here.
        if (before.ContactEmail != after.ContactEmail)
        {
            said["contactEmail"] = "changed";
        }

        return said;
    }

    private static string Shortened(string? text) => text is { Length: > LongestInAudit } ? $"{text[..LongestInAudit]}…" : text ?? "";
}
