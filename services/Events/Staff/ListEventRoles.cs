using EventFly.BuildingBlocks.Http;
using EventFly.Events.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Staff;

internal static class ListEventRoles
{
    public sealed record Response(IReadOnlyList<EventRoleResponse> Items);

    public static void Map(RouteGroupBuilder roles) => roles.MapGet("/", Handle).RequirePermission(Permissions.StaffManage).WithSummary("List the roles at an event");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, CurrentUser user, ChangeCrew crews, HttpResponse http, CancellationToken cancellationToken)
    {
        if (await crews.Read(user, eventId, cancellationToken) is not { } crew)
        {
            return Event.None.ToProblem();
        }

        http.Headers.CacheControl = "private, no-store";
        return TypedResults.Ok(new Response([.. crew.Roles.OrderBy(role => role.Name, StringComparer.OrdinalIgnoreCase).Select(role => EventRoleResponse.Of(role, crew))]));
    }
}
