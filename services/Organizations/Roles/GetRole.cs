using EventFly.BuildingBlocks.Http;
using EventFly.Organizations.Profiles;
using EventFly.Organizations.Staff;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Roles;

internal static class GetRole
{
    public static void Map(RouteGroupBuilder roles) =>
        roles.MapGet("/{roleId:guid}", Handle).RequirePermission(Permissions.StaffManage).WithSummary("Read a role");

    private static async Task<Results<Ok<RoleResponse>, ProblemHttpResult>> Handle(
        Guid organizationId, Guid roleId, CurrentUser user, ChangeTeam teams, HttpResponse http, CancellationToken cancellationToken)
    {
        if (await teams.Read(user, organizationId, cancellationToken) is not { } team)
        {
            return Organization.NoSuch.ToProblem();
        }

        if (team.FindRole(roleId) is not { } role)
        {
            return Team.NoSuchRole.ToProblem();
        }

        http.SetETag(role.Version);
        return TypedResults.Ok(RoleResponse.Of(role, team));
    }
}
