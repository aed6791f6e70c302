using EventFly.Auth.Accounts;
using EventFly.Auth.Lockout;
using EventFly.Auth.Tokens;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace EventFly.Auth.Sessions;

/// <summary>What somebody gets who signed up, signed in or refreshed.</summary>
/// <param name="Account">Who it is.</param>
/// <param name="SessionId">The sign-in.</param>
/// <param name="TokenType">Always Bearer.</param>
/// <param name="AccessToken">For the Authorization header.</param>
/// <param name="ExpiresIn">Seconds that the access token is good.</param>
/// <param name="RefreshToken">For one refresh.</param>
/// <param name="RefreshExpiresAt">When the session is over unless it is refreshed before.</param>
internal sealed record SignedIn(
    AccountResponse Account, Guid SessionId, string TokenType, string AccessToken, int ExpiresIn, string RefreshToken, DateTimeOffset RefreshExpiresAt);

/// <summary>The last step of signing up and signing in.</summary>
internal sealed class StartSession(
    Documents<Session> sessions, Documents<Account> accounts, AccessTokens tokens, KnownNetworks networks, IOptions<SessionTimes> times, TimeProvider clock)
{
    private const int LongestClient = 200;

    public async Task<Results<Created<SignedIn>, ProblemHttpResult>> Begin(Account account, HttpContext http, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var token = RefreshToken.First(Guid.CreateVersion7(now));
        var agent = http.Request.Headers.UserAgent.ToString();
        var client = agent.Length > LongestClient ? agent[..LongestClient] : agent;
        var (session, refusal) = await sessions.Change(
            Session.IdOf(token.Session), _ => Session.Begin(token, account.Id, account.SessionEpoch, client, now, times.Value) with { OrganizationId = account.ActingFor(null)?.OrganizationId }, cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        await Remember(account, http, cancellationToken);
        return TypedResults.Created($"/api/auth/sessions/{token.Session}", SignedIn(account, session!.Body, token, http));
    }

    /// <summary>Whoever is signed in from here is not a stranger here.</summary>
    public async Task Remember(Account account, HttpContext http, CancellationToken cancellationToken)
    {
        var network = networks.NameOf(account.Id, http.Connection.RemoteIpAddress);
        if (!account.Remembers(network, clock.GetUtcNow()))
        {
            await accounts.Change(
                Account.IdOf(account.Id), current => current?.Body.Remember(network, clock.GetUtcNow()) ?? Decision.Nothing, cancellationToken);
        }
    }

    public SignedIn SignedIn(Account account, Session session, RefreshToken token, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return new SignedIn(
            AccountResponse.Of(account, session.OrganizationId),
            session.Id,
            "Bearer",
            tokens.Issue(account, session.Id, session.OrganizationId, times.Value.AccessToken),
            (int)times.Value.AccessToken.TotalSeconds,
            token.Write(),
            session.ExpiresAt);
    }
}
