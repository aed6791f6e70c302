using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Auth.ApiKeys;

internal static class RevokeApiKey
{
    public static void Map(RouteGroupBuilder auth) => auth.MapDelete("/api-keys/{keyId:guid}", Handle).RequirePermission(Permissions.StaffManage);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid keyId, CurrentUser user, RevokeKeys revoke, CancellationToken cancellationToken) =>
        await revoke.One(user.OrganizationId ?? Guid.Empty, keyId, cancellationToken)
            ? TypedResults.NoContent()
            : Refusal.NotFound("api-key-not-found", "Your organisation has no such API key.").ToProblem();
}
