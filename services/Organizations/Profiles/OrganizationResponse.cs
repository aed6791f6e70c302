namespace EventFly.Organizations.Profiles;

/// <summary>An organisation as everybody sees it.</summary>
internal sealed record OrganizationResponse(
    Guid Id, string Name, string? Description, string? Website, string? ContactEmail, string? Country, DateTimeOffset CreatedAt)
{
    public string? LogoUrl { get; init; }

    public static OrganizationResponse Of(Organization organization) => new(
        organization.Id,
        organization.Profile.Name,
        organization.Profile.Description,
        organization.Profile.Website,
        organization.Profile.ContactEmail,
        organization.Profile.Country,
        organization.CreatedAt)
    {
        LogoUrl = organization.Profile.LogoUrl,
    };
}
