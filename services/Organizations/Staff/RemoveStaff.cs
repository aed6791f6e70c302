using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Staff;

/// <summary>Somebody works here no longer: their tokens act for this organisation no more when this answers.</summary>
internal static class RemoveStaff
{
    public static void Map(RouteGroupBuilder staff) =>
        staff.MapDelete("/{staffId:guid}", Handle).RequirePermission(Permissions.StaffManage).WithSummary("Remove somebody from the staff");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid organizationId, Guid staffId, IfMatch ifMatch, CurrentUser user, ChangeTeam teams, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (_, refusal) = await teams.By(
            user,
            organizationId,
            (team, actor, _) => team.Find(staffId) is not { } member ? Team.NoSuchMember
                : member.IsHere && ifMatch.Refuse(member.Version) is { Kind: not RefusalKind.PreconditionRequired } stale ? stale
                : team.Remove(actor, member, clock.GetUtcNow()),
            cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }
}
