using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Auth.Sessions;

/// <summary>Signing out, here or elsewhere.</summary>
internal static class EndSession
{
    public static void Map(RouteGroupBuilder auth)
    {
        auth.MapDelete("/sessions/current", (CurrentUser user, EndSessions end, CancellationToken cancellationToken) =>
            Handle(Guid.TryParse(user.SessionId, out var session) ? session : Guid.Empty, user, end, cancellationToken)).RequireSignIn();
        auth.MapDelete("/sessions/{sessionId:guid}", Handle).RequireSignIn();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid sessionId, CurrentUser user, EndSessions end, CancellationToken cancellationToken) =>
        await end.One(user.Id, sessionId, cancellationToken)
            ? TypedResults.NoContent()
            : Refusal.NotFound("session-not-found", "You have no such session.").ToProblem();
}
