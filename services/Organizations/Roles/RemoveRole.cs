using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using EventFly.Organizations.Staff;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Roles;

/// <summary>Takes a role away; whoever had it has the default one from then on. Removing what is not there changes nothing.</summary>
internal static class RemoveRole
{
    public static void Map(RouteGroupBuilder roles) =>
        roles.MapDelete("/{roleId:guid}", Handle).RequirePermission(Permissions.StaffManage).WithSummary("Remove a role");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid organizationId, Guid roleId, IfMatch ifMatch, CurrentUser user, ChangeTeam teams, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (_, refusal) = await teams.By(
            user,
            organizationId,
            (team, actor, _) => team.FindRole(roleId) is not { } role ? Decision.Nothing
                : ifMatch.Refuse(role.Version) is { Kind: not RefusalKind.PreconditionRequired } stale ? stale
                : team.RemoveRole(actor, role, clock.GetUtcNow()),
            cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }
}
