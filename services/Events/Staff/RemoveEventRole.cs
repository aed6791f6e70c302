using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using EventFly.Events.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Staff;

/// <summary>Takes a role away, and whoever had it off the event. Removing what is not there changes nothing.</summary>
internal static class RemoveEventRole
{
    public static void Map(RouteGroupBuilder roles) =>
        roles.MapDelete("/{roleId:guid}", Handle).RequirePermission(Permissions.StaffManage).WithSummary("Remove a role at an event");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid eventId, Guid roleId, IfMatch ifMatch, CurrentUser user, ChangeCrew crews, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (_, refusal) = await crews.By(
            user,
            eventId,
            (crew, actor, _) => crew.FindRole(roleId) is not { } role ? Decision.Nothing
                : ifMatch.RefuseIfSent(role.Version) is { } stale ? stale
                : crew.RemoveRole(actor, role, clock.GetUtcNow()),
            cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }
}
