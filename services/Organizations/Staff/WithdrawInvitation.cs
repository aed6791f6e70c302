using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Staff;

/// <summary>Takes an invitation back that was not accepted yet; its code opens nothing any more.</summary>
internal static class WithdrawInvitation
{
    public static void Map(RouteGroupBuilder staff) =>
        staff.MapDelete("/{staffId:guid}/invitation", Handle).RequirePermission(Permissions.StaffManage).WithSummary("Withdraw an invitation");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid organizationId, Guid staffId, CurrentUser user, ChangeTeam teams, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (_, refusal) = await teams.By(
            user,
            organizationId,
            (team, actor, _) => team.Find(staffId) is { } member ? team.Withdraw(actor, member, clock.GetUtcNow()) : Team.NoSuchMember,
            cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }
}
