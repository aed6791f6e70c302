namespace EventFly.Organizations.Staff;

/// <summary>Somebody of the staff as those see them who manage people. No code and nothing of their account but its id.</summary>
/// <param name="Permissions">What they hold by their role, or would if they accepted.</param>
/// <param name="ETag">For If-Match.</param>
internal sealed record StaffResponse(
    Guid StaffId,
    string? Email,
    string? Name,
    Guid RoleId,
    string Role,
    IReadOnlyList<string> Permissions,
    MemberState State,
    Guid? AccountId,
    DateTimeOffset InvitedAt,
    int Invitations,
    DateTimeOffset? JoinedAt,
    DateTimeOffset? RemovedAt,
    string ETag)
{
    public static StaffResponse Of(Member member, Team team) => new(
        member.StaffId,
        member.Email,
        member.Name,
        team.RoleOf(member).RoleId,
        team.RoleOf(member).Name,
        member.IsHere ? team.RoleOf(member).Permissions : [],
        member.State,
        member.AccountId,
        member.InvitedAt,
        member.Invitations,
        member.JoinedAt,
        member.RemovedAt,
        BuildingBlocks.Http.ETag.Of(member.Version));
}
