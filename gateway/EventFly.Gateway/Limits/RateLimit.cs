using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EventFly.ServiceDefaults.Redis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace EventFly.Gateway.Limits;

/// <summary>
/// A token bucket per client, shared by all gateways over Redis. A gateway takes tokens in small leases, so that most requests of a busy client cost no
/// round trip. While Redis is away each gateway keeps buckets of its own.
/// </summary>
internal sealed partial class RateLimit(IOptions<RateLimitOptions> options, TimeProvider clock, ILogger<RateLimit> logger, RedisClient? redis = null)
{
    private const int MaxLease = 64;
    private const int MaxClients = 50_000;

    // The bucket's time is Redis' own: gateways need not agree on theirs. Answers how many tokens were given, and if none, the wait in milliseconds.
    private const string TakeScript = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + time[2] / 1000
        local rate, burst, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
        local tokens = math.min(burst, (tonumber(bucket[1]) or burst) + math.max(0, now - (tonumber(bucket[2]) or now)) * rate / 1000)
        local given = math.min(wanted, math.floor(tokens))
        redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - given), 'at', tostring(now))
        redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
        if given > 0 then return {given, 0} end
        return {0, math.ceil((1 - tokens) * 1000 / rate)}
        """;

    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WithoutRedis = TimeSpan.FromSeconds(1);
    private static readonly Meter Meter = new("EventFly.Gateway");
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>("eventfly.gateway.rate_limited", "{request}", "Requests refused by the rate limit.");

    private readonly RateLimitOptions limits = options.Value;
    private readonly RedisValue[] arguments = [options.Value.PerSecond, options.Value.Burst, Math.Clamp(options.Value.Burst / 16, 1, MaxLease)];
    private ConcurrentDictionary<ClientKey, Client> young = new();
    private ConcurrentDictionary<ClientKey, Client> old = new();
    private long withoutRedisUntil;

    /// <summary>Null when the client may go on; else how long it should wait.</summary>
    public ValueTask<TimeSpan?> Take(ClientKey key, CancellationToken cancellationToken)
    {
        var client = ClientOf(key);
        var now = clock.GetTimestamp();
        if (redis is null || now < Volatile.Read(ref withoutRedisUntil))
        {
            return new(TakeOwn(client, now));
        }

        return client.TryTakeLeased(now) ? new((TimeSpan?)null) : new(TakeShared(key, client, cancellationToken));
    }

    private async Task<TimeSpan?> TakeShared(ClientKey key, Client client, CancellationToken cancellationToken)
    {
        // One lease at a time per client; whoever waited may find tokens in it.
        await client.Leasing.WaitAsync(cancellationToken);
        try
        {
            if (client.TryTakeLeased(clock.GetTimestamp()))
            {
                return null;
            }

            var answer = (RedisValue[])(await redis!.Run(TakeScript, [key.RedisKey], arguments, cancellationToken))!;
            var given = (int)answer[0];
            if (given == 0)
            {
                Refused.Add(1);
                return TimeSpan.FromMilliseconds((long)answer[1]);
            }

            if (Interlocked.Exchange(ref withoutRedisUntil, 0) != 0)
            {
                Shared(logger);
            }

            client.Lease(given - 1, clock.GetTimestamp() + (long)(LeaseTime.TotalSeconds * clock.TimestampFrequency));
            return null;
        }
        catch (RedisUnavailableException exception)
        {
            if (Interlocked.Exchange(ref withoutRedisUntil, clock.GetTimestamp() + (long)(WithoutRedis.TotalSeconds * clock.TimestampFrequency)) == 0)
            {
                Alone(logger, exception.Message);
            }

            return TakeOwn(client, clock.GetTimestamp());
        }
        finally
        {
            client.Leasing.Release();
        }
    }

    private TimeSpan? TakeOwn(Client client, long now)
    {
        var wait = client.TakeOwn(limits, now, clock);
        if (wait is not null)
        {
            Refused.Add(1);
        }

        return wait;
    }

    /// <summary>Bounded: when the young generation is full the old one is forgotten, and with it only clients that were silent for a while.</summary>
    private Client ClientOf(ClientKey key)
    {
        if (young.TryGetValue(key, out var client))
        {
            return client;
        }

        client = old.TryRemove(key, out var known) ? known : new Client();
        client = young.GetOrAdd(key, client);
        if (young.Count >= MaxClients)
        {
            old = young;
            young = new ConcurrentDictionary<ClientKey, Client>();
        }

        return client;
    }

    [LoggerMessage(LogLevel.Warning, "Rate limits count per gateway now: {Reason}")]
    private static partial void Alone(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "Rate limits are shared again.")]
    private static partial void Shared(ILogger logger);

    private sealed class Client
    {
        private readonly Lock gate = new();
        private int leased;
        private long leasedUntil;
        private double own = -1;
        private long ownAt;

        public SemaphoreSlim Leasing { get; } = new(1, 1);

        public bool TryTakeLeased(long now)
        {
            lock (gate)
            {
                if (leased == 0 || now >= leasedUntil)
                {
                    return false;
                }

                leased--;
                return true;
            }
        }

        public void Lease(int tokens, long until)
        {
            lock (gate)
            {
                (leased, leasedUntil) = (tokens, until);
            }
        }

        public TimeSpan? TakeOwn(RateLimitOptions limits, long now, TimeProvider clock)
        {
            lock (gate)
            {
                own = own < 0 ? limits.Burst : Math.Min(limits.Burst, own + (clock.GetElapsedTime(ownAt, now).TotalSeconds * limits.PerSecond));
                ownAt = now;
                if (own >= 1)
                {
                    own--;
                    return null;
                }

                return TimeSpan.FromSeconds((1 - own) / limits.PerSecond);
            }
        }
    }
}

/// <summary>Whose bucket: the account, or the address of somebody who has not signed in (an IPv6 client owns its whole /64).</summary>
internal readonly record struct ClientKey(Guid Account, UInt128 Address)
{
    public string RedisKey => Account != Guid.Empty
        ? $"eventfly:rate:account:{Account:N}"
        : string.Create(CultureInfo.InvariantCulture, $"eventfly:rate:address:{Address:x}");

    public static ClientKey Of(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        if (address is not null && address.TryWriteBytes(bytes, out _) && address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false })
        {
            bytes[8..].Clear();
        }

        return new ClientKey(Guid.Empty, System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }
}
