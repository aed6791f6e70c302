using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Staff;

/// <summary>Adds a role at an event under the client's id, or changes it (If-Match: the role's ETag) for everybody who has it, at once.</summary>
internal static class PutEventRole
{
    /// <param name="Permissions">Of the catalogue; the order does not matter. A role of the organisation is copied by sending its permissions.</param>
    public sealed record Request(
        [property: Required, MaxLength(EventRole.LongestName), RegularExpression(@"^\s*[^\s\p{Cc}][^\p{Cc}]*$", ErrorMessage = "A name has at least one letter and no control characters.")] string Name,
        [property: Required, MaxLength(50)] IReadOnlyList<string> Permissions);

    public static void Map(RouteGroupBuilder roles) =>
        roles.MapPut("/{roleId:guid}", Handle).RequirePermission(Permissions.StaffManage).WithSummary("Add or change a role at an event");

    private static async Task<Results<Created<EventRoleResponse>, Ok<EventRoleResponse>, ProblemHttpResult>> Handle(
        Guid eventId, Guid roleId, Request request, IfMatch ifMatch, CurrentUser user, ChangeCrew crews, TimeProvider clock, HttpResponse http,
        CancellationToken cancellationToken)
    {
        if (Refuse(roleId, request.Permissions) is { } malformed)
        {
            return malformed.ToProblem();
        }

        var name = request.Name.Trim();
        string[] permissions = [.. Permissions.All.Where(request.Permissions.Contains)];
        var isNew = false;
        var (crew, refusal) = await crews.By(
            user,
            eventId,
            (current, actor, of) =>
            {
                var known = current.FindRole(roleId);
                isNew = known is null;
                return known?.SaysTheSameAs(name, permissions) is true ? Decision.Nothing
                    : known is not null && ifMatch.Refuse(known.Version) is { } stale ? stale
                    : known is null && ifMatch.Refuse(0) is { Kind: not RefusalKind.PreconditionRequired } gone ? gone.Kind is RefusalKind.Invalid ? gone : Crew.NoSuchRole
                    : current.SetRole(actor, roleId, name, permissions, of.Details.Name, clock.GetUtcNow());
            },
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        if (crew!.FindRole(roleId) is not { } role)
        {
            return Crew.NoSuchRole.ToProblem();
        }

        http.SetETag(role.Version);
        var response = EventRoleResponse.Of(role, crew);
        return isNew ? TypedResults.Created($"/api/events/{eventId}/roles", response) : TypedResults.Ok(response);
    }

    private static Refusal? Refuse(Guid roleId, IReadOnlyList<string> permissions) =>
        roleId == Guid.Empty ? Refusal.Invalid("id-empty", "Choose an id of your own, a UUIDv7.", "roleId")
        : permissions.FirstOrDefault(permission => !Permissions.IsKnown(permission)) is { } unknown
            ? Refusal.Unprocessable("permission-unknown", $"There is no permission of this name: {(unknown.Length > 40 ? unknown[..40] : unknown)}.", "permissions")
        : permissions.Contains(Permissions.BillingManage)
            ? Refusal.Unprocessable("permission-not-at-events", $"{Permissions.BillingManage} is about the whole organisation and holds at no single event.", "permissions")
        : null;
}
