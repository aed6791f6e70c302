using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using EventFly.ServiceDefaults.Tokens;

namespace EventFly.Gateway.ApiKeys;

/// <summary>What auth said about a key.</summary>
/// <param name="AccessToken">What it is exchanged for; null for a wrong key.</param>
/// <param name="Until">From then on auth is asked again.</param>
internal sealed record KnownKey(string? AccessToken, DateTimeOffset Until);

/// <summary>
/// Answers by hash of the key, two generations of at most <see cref="Generation"/> each: when the young one is full the old one is dropped. Good keys and
/// wrong ones are remembered apart, so that a flood of guesses pushes out nothing but guesses.
/// </summary>
internal sealed class KnownKeys
{
    /// <summary>Keys in one generation.</summary>
    public const int Generation = 5_000;

    private ConcurrentDictionary<TokenHash, KnownKey> young = new();
    private ConcurrentDictionary<TokenHash, KnownKey> old = new();

    public int Count => young.Count + old.Count;

    /// <summary>What was said last, also when its time is over.</summary>
    public bool TryGet(TokenHash hash, [NotNullWhen(true)] out KnownKey? known)
    {
        if (Volatile.Read(ref young).TryGetValue(hash, out known))
        {
            return true;
        }

        if (!Volatile.Read(ref old).TryRemove(hash, out known))
        {
            return false;
        }

        Remember(hash, known);
        return true;
    }

    public void Remember(TokenHash hash, KnownKey known)
    {
        var current = Volatile.Read(ref young);
        current[hash] = known;
        if (current.Count >= Generation && Interlocked.CompareExchange(ref young, new ConcurrentDictionary<TokenHash, KnownKey>(), current) == current)
        {
            Volatile.Write(ref old, current);
        }
    }

    public void Forget(TokenHash hash)
    {
        Volatile.Read(ref young).TryRemove(hash, out _);
        Volatile.Read(ref old).TryRemove(hash, out _);
    }
}
