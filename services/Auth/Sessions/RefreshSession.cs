using System.ComponentModel.DataAnnotations;
using EventFly.Auth.Accounts;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace EventFly.Auth.Sessions;

internal static partial class RefreshSession
{
    public sealed record Request([property: Required, MaxLength(200)] string RefreshToken);

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/sessions/refresh", Handle).AllowAnonymous();

    private static async Task<Results<Ok<SignedIn>, ProblemHttpResult>> Handle(
        Request request, Documents<Session> sessions, Documents<Account> accounts, StartSession start, EndSessions end, IOptions<SessionTimes> times,
        TimeProvider clock, HttpContext http, ILogger<Session> log, CancellationToken cancellationToken)
    {
        if (!RefreshToken.TryRead(request.RefreshToken, out var shown)
            || await sessions.Get(Session.IdOf(shown.Session), cancellationToken) is not { Body: var known }
            || await accounts.Get(Account.IdOf(known.AccountId), cancellationToken) is not { Body: var account }
            || !account.Admits(known.Id, known.Epoch))
        {
            return Refused();
        }

        var salt = RefreshToken.NewSalt();
        var outcome = RefreshOutcome.Unknown;
        var (session, refusal) = await sessions.Change(
            Session.IdOf(shown.Session),
            current =>
            {
                (outcome, var change) = current?.Body.Refresh(
                    shown, salt, account.SessionEpoch, account.ActingFor(current.Body.OrganizationId)?.OrganizationId, clock.GetUtcNow(), times.Value)
                    ?? (RefreshOutcome.Unknown, Decision.Nothing);
                return change;
            },
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        switch (outcome)
        {
            case RefreshOutcome.Rotated or RefreshOutcome.Repeated:
                await start.Remember(account, http, cancellationToken);
                return TypedResults.Ok(start.SignedIn(account, session!.Body, shown.Next(session.Body.Salt!), http));
            case RefreshOutcome.Reused:
                await end.Revoke(shown.Session, cancellationToken);
                Reused(log, shown.Session, account.Id);
                return Refused();
            default:
                return Refused();
        }
    }

    private static ProblemHttpResult Refused() =>
        new Refusal(RefusalKind.Unauthenticated, "invalid-refresh-token", "The session is over. Sign in again.").ToProblem();

    [LoggerMessage(Level = LogLevel.Warning, Message = "A replaced refresh token of the session {SessionId} came back: somebody has a copy. The session of {AccountId} ended.")]
    private static partial void Reused(ILogger log, Guid sessionId, Guid accountId);
}
