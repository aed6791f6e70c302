using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;

namespace EventFly.ServiceDefaults.Tokens;

/// <summary>A token that was found good.</summary>
/// <param name="Principal">Whose it is.</param>
/// <param name="SessionId">The sign-in that it belongs to.</param>
/// <param name="Until">From then on it is no longer good.</param>
public sealed record KnownToken(ClaimsPrincipal Principal, string SessionId, DateTimeOffset Until);

/// <summary>
/// Good tokens by hash, two generations of at most <see cref="Generation"/> each: when the young one is full the old one is dropped.
/// Tokens in use move to the young one, so a flood of new tokens costs checks and never memory.
/// </summary>
public sealed class TokenMemory
{
    /// <summary>Tokens in one generation.</summary>
    public const int Generation = 20_000;

    private readonly Lock turning = new();
    private ConcurrentDictionary<TokenHash, KnownToken> young = new();
    private ConcurrentDictionary<TokenHash, KnownToken> old = new();
    private int inYoung;

    public int Count => young.Count + old.Count;

    public bool TryGet(TokenHash hash, DateTimeOffset now, [NotNullWhen(true)] out KnownToken? known)
    {
        if (!Volatile.Read(ref young).TryGetValue(hash, out known))
        {
            if (!Volatile.Read(ref old).TryRemove(hash, out known))
            {
                return false;
            }

            Remember(hash, known);
        }

        if (known.Until > now)
        {
            return true;
        }

        known = null;
        return false;
    }

    public void Remember(TokenHash hash, KnownToken known)
    {
        if (!young.TryAdd(hash, known) || Interlocked.Increment(ref inYoung) < Generation)
        {
            return;
        }

        lock (turning)
        {
            if (inYoung >= Generation)
            {
                Volatile.Write(ref old, young);
                Volatile.Write(ref young, new ConcurrentDictionary<TokenHash, KnownToken>());
                inYoung = 0;
            }
        }
    }
}
