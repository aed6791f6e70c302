namespace EventFly.Auth.Lockout;

/// <summary>An allowance that comes back evenly: so many at once, and one more each interval. Kept as one number, the time when it is whole again.</summary>
internal readonly record struct Allowance(long IntervalMs, int Burst)
{
    public static Allowance Of(int tries, TimeSpan over) => new(Math.Max(1, (long)over.TotalMilliseconds / tries), tries);
}

/// <summary>What a try is counted against.</summary>
/// <param name="From">The network's allowance over all accounts.</param>
/// <param name="Pair">The wrong tries at this account from this network.</param>
/// <param name="To">The account's allowance for strangers; null for a network that the owner is known to use.</param>
internal sealed record TryKeys(string From, string Pair, string? To);

/// <summary>Whether a try may be made.</summary>
/// <param name="Wait">Milliseconds to wait; 0: it was counted and may be made.</param>
/// <param name="BecauseOfStrangers">The account's allowance for strangers is used up.</param>
internal readonly record struct Taken(long Wait, bool BecauseOfStrangers);

/// <summary>
/// The counting itself, in this process: used while Redis is away. The script in <see cref="Attempts"/> says the same in Redis' words; one set of tests runs
/// against both.
/// </summary>
internal sealed class Tally(AttemptOptions options)
{
    private const int Most = 100_000;
    private const long SweepEveryMs = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, long> wholeAt = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Wrong, long Until, long ForgetAt)> pairs = new(StringComparer.Ordinal);
    private long sweptAt;

    public Taken Take(TryKeys keys, Allowance network, Allowance strangers, long now)
    {
        lock (gate)
        {
            var pair = pairs.GetValueOrDefault(keys.Pair) is var known && known.ForgetAt > now ? known : default;
            if (pair.Until > now)
            {
                return new Taken(pair.Until - now, false);
            }

            if (WaitOf(keys.From, network, now) is var wait and > 0)
            {
                return new Taken(wait, false);
            }

            if (keys.To is not null && WaitOf(keys.To, strangers, now) is var waitToo and > 0)
            {
                return new Taken(waitToo, true);
            }

            Use(keys.From, network, now);
            if (keys.To is not null)
            {
                Use(keys.To, strangers, now);
            }

            var wrong = pair.Wrong + 1;
            var until = wrong < options.FreeTries ? 0 : now + WaitAfter(wrong);
            if (pairs.ContainsKey(keys.Pair) || HasRoom(pairs.Count, now))
            {
                pairs[keys.Pair] = (wrong, until, Math.Max(now + (long)options.ForgetAfter.TotalMilliseconds, until + 1));
            }

            return default;
        }
    }

    public long TakeOne(string key, Allowance allowance, long now)
    {
        lock (gate)
        {
            var wait = WaitOf(key, allowance, now);
            if (wait == 0)
            {
                Use(key, allowance, now);
            }

            return wait;
        }
    }

    public void GiveBack(TryKeys keys, Allowance network, Allowance strangers, bool wasRight, long now)
    {
        lock (gate)
        {
            Return(keys.From, network, now);
            if (keys.To is not null)
            {
                Return(keys.To, strangers, now);
            }

            if (wasRight)
            {
                pairs.Remove(keys.Pair);
            }
            else if (pairs.TryGetValue(keys.Pair, out var pair))
            {
                pairs[keys.Pair] = pair with { Wrong = Math.Max(0, pair.Wrong - 1), Until = pair.Wrong - 1 < options.FreeTries ? 0 : pair.Until };
            }
        }
    }

    public void Forget(IEnumerable<string> keys)
    {
        lock (gate)
        {
            foreach (var key in keys)
            {
                wholeAt.Remove(key);
                pairs.Remove(key);
            }
        }
    }

    private long WaitAfter(int wrong) => (long)Math.Min(
        options.LongestWait.TotalMilliseconds, options.FirstWait.TotalMilliseconds * Math.Pow(2, Math.Min(wrong - options.FreeTries, 40)));

    private long WaitOf(string key, Allowance allowance, long now) =>
        Math.Max(0, Math.Max(wholeAt.GetValueOrDefault(key), now) - now - ((allowance.Burst - 1) * allowance.IntervalMs));

    private void Use(string key, Allowance allowance, long now)
    {
        if (wholeAt.ContainsKey(key) || HasRoom(wholeAt.Count, now))
        {
            wholeAt[key] = Math.Max(wholeAt.GetValueOrDefault(key), now) + allowance.IntervalMs;
        }
    }

    private void Return(string key, Allowance allowance, long now)
    {
        if (wholeAt.TryGetValue(key, out var at) && at - allowance.IntervalMs > now)
        {
            wholeAt[key] = at - allowance.IntervalMs;
        }
        else
        {
            wholeAt.Remove(key);
        }
    }

    /// <summary>When full, new keys go uncounted: an account under attack has its key long before, and the gate before password checks bounds the rest.</summary>
    private bool HasRoom(int count, long now)
    {
        if (count >= Most && now - sweptAt >= SweepEveryMs)
        {
            sweptAt = now;
            foreach (var (key, _) in wholeAt.Where(entry => entry.Value <= now).ToArray())
            {
                wholeAt.Remove(key);
            }

            foreach (var (key, _) in pairs.Where(entry => entry.Value.ForgetAt <= now).ToArray())
            {
                pairs.Remove(key);
            }

            count = Math.Max(wholeAt.Count, pairs.Count);
        }

        return count < Most;
    }
}
