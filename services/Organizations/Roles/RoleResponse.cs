using EventFly.Organizations.Staff;

namespace EventFly.Organizations.Roles;

/// <summary>A role as those see it who manage people.</summary>
/// <param name="IsBuiltIn">Every organisation has it, and it cannot be removed.</param>
/// <param name="People">How many have it, invitations included.</param>
/// <param name="ETag">For If-Match.</param>
internal sealed record RoleResponse(Guid RoleId, string Name, IReadOnlyList<string> Permissions, bool IsBuiltIn, int People, string ETag)
{
    public static RoleResponse Of(Role role, Team team) => new(
        role.RoleId,
        role.Name,
        role.Permissions,
        role.IsBuiltIn,
        team.Members.Count(member => member.IsHere && member.RoleId == role.RoleId),
        BuildingBlocks.Http.ETag.Of(role.Version));
}
