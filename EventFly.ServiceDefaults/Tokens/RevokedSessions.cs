using EventFly.ServiceDefaults.Redis;
using Microsoft.Extensions.Logging;

namespace EventFly.ServiceDefaults.Tokens;

/// <summary>Sessions whose access tokens are refused although they have not expired, in every process (<see cref="SharedNotices"/>).</summary>
public sealed class RevokedSessions(TimeProvider clock, ILogger<RevokedSessions> logger, RedisClient? redis = null)
    : SharedNotices("eventfly:revoked-sessions", clock, logger, redis)
{
    /// <summary>Whether tokens of this session are refused.</summary>
    public bool Contains(string sessionId) => Knows(sessionId);

    /// <summary>
    /// Refuses the session's tokens here at once and in every other process as soon as Redis tells them. Does not fail when Redis is away:
    /// then the others learn it later, at the latest when the token expires.
    /// </summary>
    /// <param name="sessionId">The <c>sid</c> of its tokens.</param>
    /// <param name="lifetime">How long its last token can still be valid.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task Revoke(string sessionId, TimeSpan lifetime, CancellationToken cancellationToken) => Tell(sessionId, lifetime, cancellationToken);
}
