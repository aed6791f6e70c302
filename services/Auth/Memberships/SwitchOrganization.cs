using EventFly.Auth.Accounts;
using EventFly.Auth.Sessions;
using EventFly.Auth.Tokens;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace EventFly.Auth.Memberships;

/// <summary>
/// The session acts for another organisation that its owner works for. The refresh token stays the same, so that asking again after a lost answer is harmless.
/// </summary>
internal static class SwitchOrganization
{
    public sealed record Request(Guid OrganizationId);

    /// <param name="AccessToken">For the Authorization header.</param>
    /// <param name="ExpiresIn">Seconds that it is good.</param>
    public sealed record Response(Guid OrganizationId, string TokenType, string AccessToken, int ExpiresIn, IReadOnlyList<string> Permissions);

    private static readonly Refusal NoSuch = Refusal.NotFound("organization-not-found", "You do not work for such an organisation.");

    public static void Map(RouteGroupBuilder auth) => auth.MapPut("/sessions/current/organization", Handle).RequireSignIn();

    private static async Task<Results<Ok<Response>, UnauthorizedHttpResult, ProblemHttpResult>> Handle(
        Request request, CurrentUser user, Documents<Account> accounts, Documents<Session> sessions, AccessTokens tokens, IOptions<SessionTimes> times,
        HttpResponse response, CancellationToken cancellationToken)
    {
        if (await accounts.Get(Account.IdOf(user.Id), cancellationToken) is not { Body: var account } || !Guid.TryParse(user.SessionId, out var sessionId))
        {
            return TypedResults.Unauthorized();
        }

        if (account.MembershipIn(request.OrganizationId) is not { } membership)
        {
            return NoSuch.ToProblem();
        }

        var (session, refusal) = await sessions.Change(
            Session.IdOf(sessionId),
            current => current is { Body: { EndedAt: null } body } && body.AccountId == account.Id
                ? body.ActFor(membership.OrganizationId)
                : Refusal.NotFound("session-not-found", "You have no such session."),
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Response(
            membership.OrganizationId,
            "Bearer",
            tokens.Issue(account, sessionId, session!.Body.OrganizationId, times.Value.AccessToken),
            (int)times.Value.AccessToken.TotalSeconds,
            membership.Permissions));
    }
}
