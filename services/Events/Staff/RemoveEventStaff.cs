using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using EventFly.Events.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Staff;

/// <summary>Somebody does not work at the event any more, at once. Removing who is not there changes nothing.</summary>
internal static class RemoveEventStaff
{
    public static void Map(RouteGroupBuilder staff) =>
        staff.MapDelete("/{staffId:guid}", Handle).RequirePermission(Permissions.StaffManage).WithSummary("Take somebody off an event");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid eventId, Guid staffId, IfMatch ifMatch, CurrentUser user, ChangeCrew crews, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (_, refusal) = await crews.By(
            user,
            eventId,
            (crew, actor, _) => crew.Find(staffId) is not { } assignment ? Decision.Nothing
                : ifMatch.RefuseIfSent(assignment.Version) is { } stale ? stale
                : crew.Remove(actor, assignment, clock.GetUtcNow()),
            cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }
}
