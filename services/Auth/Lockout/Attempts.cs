using System.Net;
using System.Security.Cryptography;
using System.Text;
using EventFly.BuildingBlocks.Decisions;
using EventFly.ServiceDefaults.Redis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace EventFly.Auth.Lockout;

/// <summary>What is tried. Each is counted for itself, so that guessing at one door does not close the other.</summary>
internal enum TryAt
{
    Password,

    ResetCode,

    InvitationCode,
}

/// <summary>
/// Counts tries before the work is done, so that parallel guesses count too; a right one gives its try back. From one network, wrong tries at one account cost
/// waits that double. From many networks, they share an allowance of the account; networks that the owner has signed in from are not part of it and keep their
/// own, so whoever guesses from a thousand addresses slows strangers down and not the owner. The counters are in Redis, for all replicas, and in this process
/// while Redis is away. What is counted is named by a hash: no address of anybody is kept.
/// </summary>
internal sealed partial class Attempts(RedisClient redis, IOptions<AttemptOptions> options, TimeProvider clock, ILogger<Attempts> log)
{
    // KEYS: network, pair, strangers ("" for none). All or nothing is counted. Times are milliseconds; a number of 13 digits must not become 1.7e+12.
    private const string TakeScript = """
        local now, interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local toInterval, toBurst = tonumber(ARGV[4]), tonumber(ARGV[5])
        local free, first, longest, forget = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
        local known = KEYS[3] == ''
        local pair = redis.call('HMGET', KEYS[2], 'wrong', 'until', 'forget')
        local wrong, untilThen = tonumber(pair[1]) or 0, tonumber(pair[2]) or 0
        if (tonumber(pair[3]) or 0) <= now then wrong, untilThen = 0, 0 end
        if untilThen > now then return {untilThen - now, 0} end
        local whole = math.max(tonumber(redis.call('GET', KEYS[1])) or 0, now)
        local wait = whole - now - (burst - 1) * interval
        if wait > 0 then return {wait, 0} end
        if not known then
          local toWhole = math.max(tonumber(redis.call('GET', KEYS[3])) or 0, now)
          wait = toWhole - now - (toBurst - 1) * toInterval
          if wait > 0 then return {wait, 1} end
          redis.call('SET', KEYS[3], string.format('%.0f', toWhole + toInterval), 'PX', toWhole + toInterval - now)
        end
        redis.call('SET', KEYS[1], string.format('%.0f', whole + interval), 'PX', whole + interval - now)
        wrong = wrong + 1
        untilThen = 0
        if wrong >= free then untilThen = now + math.min(longest, first * 2 ^ math.min(wrong - free, 40)) end
        local keep = math.max(forget, untilThen - now + 1)
        redis.call('HMSET', KEYS[2], 'wrong', wrong, 'until', string.format('%.0f', untilThen), 'forget', string.format('%.0f', now + keep))
        redis.call('PEXPIRE', KEYS[2], string.format('%.0f', keep))
        return {0, 0}
        """;

    private const string TakeOneScript = """
        local now, interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local whole = math.max(tonumber(redis.call('GET', KEYS[1])) or 0, now)
        local wait = whole - now - (burst - 1) * interval
        if wait > 0 then return wait end
        redis.call('SET', KEYS[1], string.format('%.0f', whole + interval), 'PX', whole + interval - now)
        return 0
        """;

    private const string GiveBackScript = """
        local now, free = tonumber(ARGV[1]), tonumber(ARGV[4])
        local function back(key, interval)
          local whole = tonumber(redis.call('GET', key))
          if not whole then return end
          if whole - interval > now then
            redis.call('SET', key, string.format('%.0f', whole - interval), 'PX', whole - interval - now)
          else
            redis.call('DEL', key)
          end
        end
        back(KEYS[1], tonumber(ARGV[2]))
        if KEYS[3] ~= '' then back(KEYS[3], tonumber(ARGV[3])) end
        if ARGV[5] == '1' then
          redis.call('DEL', KEYS[2])
        elseif redis.call('EXISTS', KEYS[2]) == 1 then
          if redis.call('HINCRBY', KEYS[2], 'wrong', -1) < free then redis.call('HSET', KEYS[2], 'until', '0') end
        end
        return 0
        """;

    private const string ForgetScript = "return redis.call('DEL', unpack(KEYS))";

    private static readonly TimeSpan SayAloneEvery = TimeSpan.FromMinutes(1);

    private readonly Tally here = new(options.Value);
    private readonly Allowance network = Allowance.Of(options.Value.PerAddress, options.Value.Window);
    private readonly Allowance strangers = Allowance.Of(options.Value.StrangerTries, options.Value.StrangerWindow);
    private readonly Allowance signUps = Allowance.Of(options.Value.SignUpsPerAddress, options.Value.Window);
    private readonly Allowance mails = Allowance.Of(options.Value.MailsPerAddress, options.Value.Window);
    private long saidAlone;

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Counts a try, or says to wait. The same for accounts that do not exist.</summary>
    /// <param name="what">At which door.</param>
    /// <param name="whose">The address of the account, as it was asked for.</param>
    /// <param name="from">Where the request came from.</param>
    /// <param name="isKnown">Whether the owner has signed in from there before, or is signed in.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<(Attempt? Attempt, TooManyAttempts? Refused)> Take(TryAt what, string whose, IPAddress? from, bool isKnown, CancellationToken cancellationToken)
    {
        var keys = KeysOf(what, whose, from, isKnown);
        var taken = await Take(keys, cancellationToken);
        return taken.Wait > 0 ? (null, new TooManyAttempts(TooMany(taken.Wait), taken.BecauseOfStrangers)) : (new Attempt(this, keys), null);
    }

    /// <summary>Counts a sign-up from this network, or says to wait.</summary>
    public Task<Refusal?> SignUp(IPAddress? from, CancellationToken cancellationToken) => TakeOne(Key("new", Network.Of(from)), signUps, cancellationToken);

    /// <summary>Counts a request from this network that a mail may follow, or says to wait.</summary>
    public Task<Refusal?> Mail(IPAddress? from, CancellationToken cancellationToken) => TakeOne(Key("mail", Network.Of(from)), mails, cancellationToken);

    /// <summary>The owner has shown who they are in another way: they need not wait any more for what was tried at this account.</summary>
    public async Task Forget(string whose, IPAddress? from, CancellationToken cancellationToken)
    {
        string[] keys = [.. Enum.GetValues<TryAt>().Select(what => KeysOf(what, whose, from, isKnown: false)).SelectMany(keys => (string[])[keys.Pair, keys.To!])];
        here.Forget(keys);
        try
        {
            await redis.Run(ForgetScript, [.. keys.Select(key => (RedisKey)key)], [], cancellationToken);
        }
        catch (RedisUnavailableException)
        {
            SayAlone();
        }
    }

    private async Task<Taken> Take(TryKeys keys, CancellationToken cancellationToken)
    {
        try
        {
            var settings = options.Value;
            var answer = (RedisValue[])(await redis.Run(
                TakeScript,
                [keys.From, keys.Pair, keys.To ?? ""],
                [
                    Now, network.IntervalMs, network.Burst, strangers.IntervalMs, strangers.Burst, settings.FreeTries,
                    (long)settings.FirstWait.TotalMilliseconds, (long)settings.LongestWait.TotalMilliseconds, (long)settings.ForgetAfter.TotalMilliseconds,
                ],
                cancellationToken))!;
            return new Taken((long)answer[0], (long)answer[1] == 1);
        }
        catch (RedisUnavailableException)
        {
            SayAlone();
            return here.Take(keys, network, strangers, Now);
        }
    }

    private async Task<Refusal?> TakeOne(string key, Allowance allowance, CancellationToken cancellationToken)
    {
        long wait;
        try
        {
            wait = (long)await redis.Run(TakeOneScript, [key], [Now, allowance.IntervalMs, allowance.Burst], cancellationToken);
        }
        catch (RedisUnavailableException)
        {
            SayAlone();
            wait = here.TakeOne(key, allowance, Now);
        }

        return wait > 0 ? TooMany(wait) : null;
    }

    private async Task GiveBack(TryKeys keys, bool wasRight, CancellationToken cancellationToken)
    {
        try
        {
            await redis.Run(
                GiveBackScript,
                [keys.From, keys.Pair, keys.To ?? ""],
                [Now, network.IntervalMs, strangers.IntervalMs, options.Value.FreeTries, wasRight ? 1 : 0],
                cancellationToken);
        }
        catch (RedisUnavailableException)
        {
            SayAlone();
            here.GiveBack(keys, network, strangers, wasRight, Now);
        }
    }

    private static TryKeys KeysOf(TryAt what, string whose, IPAddress? from, bool isKnown)
    {
        var place = Network.Of(from);
        return new TryKeys(Key("from", place), Key($"pair:{what}", $"{place} {whose}"), isKnown ? null : Key($"to:{what}", whose));
    }

    private static string Key(string kind, string what) =>
        $"auth:attempts:{kind}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)).AsSpan(0, 16))}";

    private static Refusal TooMany(long wait) =>
        new(RefusalKind.TooMany, "too-many-attempts", "Too many attempts. Wait a moment.") { RetryAfter = TimeSpan.FromMilliseconds(wait) };

    private void SayAlone()
    {
        var now = clock.GetUtcNow().Ticks;
        var said = Interlocked.Read(ref saidAlone);
        if (now - said >= SayAloneEvery.Ticks && Interlocked.CompareExchange(ref saidAlone, now, said) == said)
        {
            LogAlone(log);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis is away: this process counts attempts alone.")]
    private static partial void LogAlone(ILogger log);

    /// <summary>A try that was counted. Left alone, it was a wrong one.</summary>
    internal sealed class Attempt(Attempts attempts, TryKeys keys)
    {
        /// <summary>It was no guess: what was tried wrongly from here is forgotten.</summary>
        public Task WasRight(CancellationToken cancellationToken) => attempts.GiveBack(keys, wasRight: true, cancellationToken);

        /// <summary>Nothing was tried after all.</summary>
        public Task GiveBack(CancellationToken cancellationToken) => attempts.GiveBack(keys, wasRight: false, cancellationToken);
    }
}

/// <summary>A try that must wait.</summary>
/// <param name="Refusal">The answer.</param>
/// <param name="IsUnderAttack">Strangers have used up what the account allows them.</param>
internal sealed record TooManyAttempts(Refusal Refusal, bool IsUnderAttack);
