using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Staff;

/// <summary>Has a new code sent, once a minute at most. Codes of before open nothing from then on.</summary>
internal static class InviteStaffAgain
{
    public static void Map(RouteGroupBuilder staff) =>
        staff.MapPost("/{staffId:guid}/invitation", Handle).RequirePermission(Permissions.StaffManage).WithSummary("Send an invitation again");

    private static async Task<Results<Ok<StaffResponse>, ProblemHttpResult>> Handle(
        Guid organizationId, Guid staffId, CurrentUser user, ChangeTeam teams, TimeProvider clock, HttpResponse http, CancellationToken cancellationToken)
    {
        var (team, refusal) = await teams.By(
            user,
            organizationId,
            (current, actor, organization) => current.Find(staffId) is not { } member ? Team.NoSuchMember
                : user.RefuseUnverified() is { } unverified ? unverified
                : current.InviteAgain(actor, member, organization.Profile.Name, clock.GetUtcNow()),
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        var again = team!.Find(staffId)!;
        http.SetETag(again.Version);
        return TypedResults.Ok(StaffResponse.Of(again, team));
    }
}
