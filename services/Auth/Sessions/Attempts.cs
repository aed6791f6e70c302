using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using EventFly.BuildingBlocks.Decisions;
using EventFly.ServiceDefaults.Redis;
using Microsoft.Extensions.Options;

namespace EventFly.Auth.Sessions;

/// <summary>How often somebody may try.</summary>
internal sealed class AttemptOptions
{
    /// <summary>The counters begin anew after this time.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Wrong passwords for one account in a window.</summary>
    [Range(1, 1_000_000)]
    public int PerAccount { get; set; } = 10;

    /// <summary>Wrong passwords from one network address in a window.</summary>
    [Range(1, 1_000_000)]
    public int PerAddress { get; set; } = 50;

    /// <summary>Sign-ups from one network address in a window.</summary>
    [Range(1, 1_000_000)]
    public int SignUpsPerAddress { get; set; } = 300;
}

/// <summary>
/// Counts tries before the work is done, so that parallel guesses count too; a right password gives its try back. The counters are in
/// Redis, for all replicas, and in this process while Redis is away. What is counted is named by a hash: no address of anybody is kept.
/// </summary>
internal sealed partial class Attempts(RedisClient redis, IOptions<AttemptOptions> options, TimeProvider clock, ILogger<Attempts> log)
{
    private const int MostCounters = 100_000;

    private const string Add = """
        local count = redis.call('INCRBY', KEYS[1], ARGV[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return count
        """;

    private Counters here = new(0);

    /// <summary>Takes a try at this account from this address, or says to wait. The same for accounts that do not exist.</summary>
    public async Task<(Attempt? Attempt, Refusal? Refusal)> SignIn(string email, IPAddress? address, CancellationToken cancellationToken)
    {
        var window = Window();
        var attempt = new Attempt(this, window, [Key("from", NetworkOf(address), window), Key("to", email, window)]);
        var fromHere = await Count(attempt.Keys[0], 1, window, cancellationToken);
        if (fromHere > options.Value.PerAddress)
        {
            return (null, TooMany(window));
        }

        return await Count(attempt.Keys[1], 1, window, cancellationToken) > options.Value.PerAccount ? (null, TooMany(window)) : (attempt, null);
    }

    /// <summary>Counts a sign-up from this address, or says to wait.</summary>
    public async Task<Refusal?> SignUp(IPAddress? address, CancellationToken cancellationToken)
    {
        var window = Window();
        return await Count(Key("new", NetworkOf(address), window), 1, window, cancellationToken) > options.Value.SignUpsPerAddress ? TooMany(window) : null;
    }

    private async Task<long> Count(string key, int by, long window, CancellationToken cancellationToken)
    {
        try
        {
            return (long)await redis.Run(Add, [key], [by, (long)options.Value.Window.TotalMilliseconds * 2], cancellationToken);
        }
        catch (RedisUnavailableException)
        {
            return CountHere(key, by, window);
        }
    }

    private long CountHere(string key, int by, long window)
    {
        var counters = Volatile.Read(ref here);
        if (counters.Window < window)
        {
            if (Interlocked.CompareExchange(ref here, new Counters(window), counters) == counters)
            {
                LogAlone(log);
            }

            counters = Volatile.Read(ref here);
        }

        // When full, new keys go uncounted: the gate before password checks still bounds what they can try.
        return counters.ByKey.Count >= MostCounters && !counters.ByKey.ContainsKey(key)
            ? 0
            : counters.ByKey.AddOrUpdate(key, by, (_, count) => count + by);
    }

    private long Window() => clock.GetUtcNow().UtcTicks / options.Value.Window.Ticks;

    private Refusal TooMany(long window) => new(RefusalKind.TooMany, "too-many-attempts", "Too many attempts. Wait a moment.")
    {
        RetryAfter = new DateTimeOffset((window + 1) * options.Value.Window.Ticks, TimeSpan.Zero) - clock.GetUtcNow(),
    };

    private static string Key(string kind, string what, long window) =>
        $"auth:attempts:{kind}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)).AsSpan(0, 16))}:{window}";

    /// <summary>One subscriber's IPv6 network is a /64, and they choose freely among its addresses.</summary>
    private static string NetworkOf(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily is AddressFamily.InterNetworkV6 ? new IPAddress([.. plain.GetAddressBytes()[..8], .. new byte[8]]).ToString() : plain.ToString();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis is away: this process counts attempts alone.")]
    private static partial void LogAlone(ILogger log);

    private sealed record Counters(long Window)
    {
        public ConcurrentDictionary<string, long> ByKey { get; } = new(StringComparer.Ordinal);
    }

    /// <summary>A try that was counted.</summary>
    internal sealed class Attempt(Attempts attempts, long window, string[] keys)
    {
        public string[] Keys { get; } = keys;

        /// <summary>It was no guess, or nothing was tried after all.</summary>
        public async Task GiveBack(CancellationToken cancellationToken)
        {
            foreach (var key in Keys)
            {
                await attempts.Count(key, -1, window, cancellationToken);
            }
        }
    }
}
