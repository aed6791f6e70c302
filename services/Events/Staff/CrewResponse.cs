namespace EventFly.Events.Staff;

/// <param name="People">How many have it.</param>
/// <param name="ETag">For If-Match.</param>
internal sealed record EventRoleResponse(Guid RoleId, string Name, IReadOnlyList<string> Permissions, int People, string ETag)
{
    public static EventRoleResponse Of(EventRole role, Crew crew) => new(
        role.RoleId,
        role.Name,
        role.Permissions,
        crew.Assignments.Count(assignment => assignment.RoleId == role.RoleId),
        BuildingBlocks.Http.ETag.Of(role.Version));
}

/// <summary>Somebody who works at the event. Who that is, the organisation says (GET /api/organizations/…/staff).</summary>
/// <param name="ETag">For If-Match.</param>
internal sealed record EventStaffResponse(
    Guid StaffId, Guid AccountId, Guid RoleId, string Role, IReadOnlyList<string> Permissions, DateTimeOffset AssignedAt, string ETag)
{
    public static EventStaffResponse Of(Assignment assignment, Crew crew) => new(
        assignment.StaffId,
        assignment.AccountId,
        assignment.RoleId,
        crew.RoleOf(assignment).Name,
        crew.RoleOf(assignment).Permissions,
        assignment.AssignedAt,
        BuildingBlocks.Http.ETag.Of(assignment.Version));
}
