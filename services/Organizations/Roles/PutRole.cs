using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using EventFly.Organizations.Staff;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Roles;

/// <summary>Adds a role under the client's id, or changes it (If-Match) for everybody who has it, at once.</summary>
internal static class PutRole
{
    /// <param name="Permissions">Of the catalogue; the order does not matter.</param>
    public sealed record Request(
        [property: Required, MaxLength(Role.LongestName), RegularExpression(@"^\s*[^\s\p{Cc}][^\p{Cc}]*$", ErrorMessage = "A name has at least one letter and no control characters.")] string Name,
        [property: Required, MaxLength(50)] IReadOnlyList<string> Permissions);

    public static void Map(RouteGroupBuilder roles) =>
        roles.MapPut("/{roleId:guid}", Handle).RequirePermission(Permissions.StaffManage).WithSummary("Add or change a role");

    private static async Task<Results<Created<RoleResponse>, Ok<RoleResponse>, ProblemHttpResult>> Handle(
        Guid organizationId, Guid roleId, Request request, IfMatch ifMatch, CurrentUser user, ChangeTeam teams, TimeProvider clock, HttpResponse http,
        CancellationToken cancellationToken)
    {
        if (roleId == Guid.Empty)
        {
            return Refusal.Invalid("id-empty", "Choose an id of your own, a UUIDv7.", "roleId").ToProblem();
        }

        if (request.Permissions.FirstOrDefault(permission => !Permissions.IsKnown(permission)) is { } unknown)
        {
            return Refusal.Unprocessable("permission-unknown", $"There is no permission of this name: {Shortened(unknown)}.", "permissions").ToProblem();
        }

        var name = request.Name.Trim();
        string[] permissions = [.. Permissions.All.Where(request.Permissions.Contains)];
        var isNew = false;
        var (team, refusal) = await teams.By(
            user,
            organizationId,
            (current, actor, _) =>
            {
                var known = current.FindRole(roleId);
                isNew = known is null;
                return known?.SaysTheSameAs(name, permissions) is true ? Decision.Nothing
                    : known is not null && ifMatch.Refuse(known.Version) is { } stale ? stale
                    : known is null && ifMatch.Refuse(0) is { Kind: not RefusalKind.PreconditionRequired } gone ? gone.Kind is RefusalKind.Invalid ? gone : Team.NoSuchRole
                    : current.SetRole(actor, roleId, name, permissions, clock.GetUtcNow());
            },
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        var role = team!.FindRole(roleId)!;
        http.SetETag(role.Version);
        var response = RoleResponse.Of(role, team);
        return isNew ? TypedResults.Created($"/api/organizations/{organizationId}/roles/{roleId}", response) : TypedResults.Ok(response);
    }

    private static string Shortened(string name) => name.Length > 40 ? name[..40] : name;
}
