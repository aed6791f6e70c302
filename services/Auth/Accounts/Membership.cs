namespace EventFly.Auth.Accounts;

/// <summary>For which organisation somebody acts, and as what.</summary>
/// <param name="OrganizationId">Becomes <c>org</c> in the access token.</param>
/// <param name="Role">For now only <see cref="Owner"/>.</param>
internal sealed record Membership(Guid OrganizationId, string Role)
{
    public const string Owner = "owner";

    /// <summary>What becomes <c>perms</c> in the access token. An owner has them all, also those that are added later.</summary>
    public IReadOnlyList<string> Permissions => Role == Owner ? BuildingBlocks.Http.Permissions.All : [];
}
