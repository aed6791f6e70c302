using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Staff;

/// <summary>Gives somebody another role (If-Match). It holds for tokens that are out when this answers.</summary>
internal static class ChangeStaffRole
{
    public sealed record Request(Guid RoleId);

    public static void Map(RouteGroupBuilder staff) =>
        staff.MapPut("/{staffId:guid}/role", Handle).RequirePermission(Permissions.StaffManage).WithSummary("Give somebody another role");

    private static async Task<Results<Ok<StaffResponse>, ProblemHttpResult>> Handle(
        Guid organizationId, Guid staffId, Request request, IfMatch ifMatch, CurrentUser user, ChangeTeam teams, TimeProvider clock, HttpResponse http,
        CancellationToken cancellationToken)
    {
        var (team, refusal) = await teams.By(
            user,
            organizationId,
            (current, actor, _) => current.Find(staffId) is not { } member ? Team.NoSuchMember
                : member.IsHere && member.RoleId == request.RoleId ? Decision.Nothing
                : ifMatch.Refuse(member.Version) is { } stale ? stale
                : current.ChangeRole(actor, member, request.RoleId, clock.GetUtcNow()),
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        var changed = team!.Find(staffId)!;
        http.SetETag(changed.Version);
        return TypedResults.Ok(StaffResponse.Of(changed, team));
    }
}
