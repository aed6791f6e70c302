using EventFly.BuildingBlocks.Http;
using EventFly.Organizations.Profiles;
using EventFly.Organizations.Staff;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Roles;

/// <summary>All roles of an organisation; there are never so many that they would need pages.</summary>
internal static class ListRoles
{
    public sealed record Response(IReadOnlyList<RoleResponse> Items);

    public static void Map(RouteGroupBuilder roles) => roles.MapGet("/", Handle).RequirePermission(Permissions.StaffManage).WithSummary("List the roles");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid organizationId, CurrentUser user, ChangeTeam teams, CancellationToken cancellationToken) =>
        await teams.Read(user, organizationId, cancellationToken) is { } team
            ? TypedResults.Ok(new Response([.. team.AllRoles().Select(role => RoleResponse.Of(role, team))]))
            : Organization.NoSuch.ToProblem();
}
