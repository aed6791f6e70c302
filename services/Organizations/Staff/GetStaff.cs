using EventFly.BuildingBlocks.Http;
using EventFly.Organizations.Profiles;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Staff;

internal static class GetStaff
{
    public static void Map(RouteGroupBuilder staff) =>
        staff.MapGet("/{staffId:guid}", Handle).RequirePermission(Permissions.StaffManage).WithSummary("Read who somebody of the staff is");

    private static async Task<Results<Ok<StaffResponse>, ProblemHttpResult>> Handle(
        Guid organizationId, Guid staffId, CurrentUser user, ChangeTeam teams, HttpResponse http, CancellationToken cancellationToken)
    {
        if (await teams.Read(user, organizationId, cancellationToken) is not { } team)
        {
            return Organization.NoSuch.ToProblem();
        }

        if (team.Find(staffId) is not { } member)
        {
            return Team.NoSuchMember.ToProblem();
        }

        http.SetETag(member.Version);
        http.Headers.CacheControl = "private, no-store";
        return TypedResults.Ok(StaffResponse.Of(member, team));
    }
}
