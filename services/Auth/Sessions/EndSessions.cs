using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.ServiceDefaults.Tokens;
using Microsoft.Extensions.Options;

namespace EventFly.Auth.Sessions;

/// <summary>Ends sessions: first in the store, where refreshing is decided, then everywhere, for the access tokens that are out.</summary>
internal sealed class EndSessions(Documents<Session> sessions, RevokedSessions revoked, IOptions<SessionTimes> times, TimeProvider clock)
{
    private const int PageSize = 200;

    /// <summary>Ends one session of this account. False when the account has no such session.</summary>
    public async Task<bool> One(Guid account, Guid session, CancellationToken cancellationToken)
    {
        var (ended, refusal) = await sessions.Change(
            Session.IdOf(session),
            current => current?.Body.AccountId == account ? current.Body.End(clock.GetUtcNow(), times.Value) : Decision.Nothing,
            cancellationToken);
        if (refusal is not null)
        {
            throw new InvalidOperationException($"The session {session} could not be ended: {refusal.Code}.");
        }

        if (ended?.Body.AccountId != account)
        {
            return false;
        }

        await Revoke(session, cancellationToken);
        return true;
    }

    public Task AllBut(Guid account, Guid kept, CancellationToken cancellationToken) => Those(account, session => session.Id != kept, cancellationToken);

    /// <summary>The account's sessions that act for this organisation.</summary>
    public Task ActingFor(Guid account, Guid organization, CancellationToken cancellationToken) =>
        Those(account, session => session.OrganizationId == organization, cancellationToken);

    private async Task Those(Guid account, Func<Session, bool> which, CancellationToken cancellationToken)
    {
        string? after = null;
        do
        {
            var page = await sessions.Query(new Query([new Where.Eq("account", account.ToString())], [new SortBy("created")], PageSize, after), cancellationToken);
            foreach (var session in page.Items.Where(session => session.Body.EndedAt is null && which(session.Body)))
            {
                await One(account, session.Body.Id, cancellationToken);
            }

            after = page.Next;
        }
        while (after is not null);
    }

    public Task Revoke(Guid session, CancellationToken cancellationToken) =>
        revoked.Revoke(session.ToString(), times.Value.Echo, cancellationToken);
}
