using EventFly.BuildingBlocks.Http;
using EventFly.Events.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Staff;

/// <summary>Everybody who works at an event; never so many that they would need pages.</summary>
internal static class ListEventStaff
{
    public sealed record Response(IReadOnlyList<EventStaffResponse> Items);

    public static void Map(RouteGroupBuilder staff) => staff.MapGet("/", Handle).RequirePermission(Permissions.StaffManage).WithSummary("List who works at an event");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, CurrentUser user, ChangeCrew crews, HttpResponse http, CancellationToken cancellationToken)
    {
        if (await crews.Read(user, eventId, cancellationToken) is not { } crew)
        {
            return Event.None.ToProblem();
        }

        http.Headers.CacheControl = "private, no-store";
        return TypedResults.Ok(new Response([.. crew.Assignments.OrderBy(assignment => assignment.AssignedAt).Select(assignment => EventStaffResponse.Of(assignment, crew))]));
    }
}
