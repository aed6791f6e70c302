using System.Collections.Concurrent;
using System.Globalization;
using EventFly.ServiceDefaults.Redis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventFly.ServiceDefaults.Tokens;

/// <summary>
/// Sessions whose access tokens are refused although they have not expired. Known in memory, so that checking costs nothing; shared over Redis: a sorted
/// set (session by the second when its last token ends) for processes that start or come back, a channel for those that run. While Redis is away each
/// process goes on with what it knows, and tells the others what it learned meanwhile as soon as Redis is back.
/// </summary>
public sealed partial class RevokedSessions(TimeProvider clock, ILogger<RevokedSessions> logger, RedisClient? redis = null) : BackgroundService
{
    /// <summary>Sorted set in Redis.</summary>
    public const string Key = "eventfly:revoked-sessions";

    /// <summary>Channel in Redis; a message is <c>&lt;unix seconds&gt; &lt;session id&gt;</c>.</summary>
    public const string Channel = "eventfly:revoked-sessions";

    private const int MaxLoaded = 100_000;

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Repeat = TimeSpan.FromSeconds(5);

    // Never disposed: the driver's thread may release it to the last moment, and it holds nothing but memory.
    private readonly SemaphoreSlim back = new(0);
    private readonly ConcurrentDictionary<string, DateTimeOffset> until = new(StringComparer.Ordinal);

    /// <summary>How many are known.</summary>
    public int Count => until.Count;

    /// <summary>Whether what others revoke is heard.</summary>
    public bool IsSharing { get; private set; }

    /// <summary>Whether tokens of this session are refused.</summary>
    public bool Contains(string sessionId) => !until.IsEmpty && until.TryGetValue(sessionId, out var end) && end > clock.GetUtcNow();

    /// <summary>
    /// Refuses the session's tokens here at once and in every other process as soon as Redis tells them. Does not fail when Redis is away:
    /// then the others learn it later, at the latest when the token expires.
    /// </summary>
    /// <param name="sessionId">The <c>sid</c> of its tokens.</param>
    /// <param name="lifetime">How long its last token can still be valid.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task Revoke(string sessionId, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var end = clock.GetUtcNow() + lifetime;
        until[sessionId] = end;
        if (redis is null)
        {
            return;
        }

        try
        {
            await Tell(sessionId, end, cancellationToken);
        }
        catch (RedisUnavailableException exception)
        {
            ToldLater(logger, exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (redis is null)
        {
            return;
        }

        redis.WhenBack(() => back.Release());
        var subscribed = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Repeat;
            try
            {
                if (!subscribed)
                {
                    await redis.Subscribe(Channel, Hear, stoppingToken);
                    subscribed = true;
                }

                await CatchUp(stoppingToken);
                IsSharing = true;
            }
            catch (RedisUnavailableException)
            {
                // Health says so; what is known holds until then.
                pause = Retry;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            try
            {
                // A message can fall into the gap while a connection comes back, so the set is read again after a while in any case.
                await back.WaitAsync(pause, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task CatchUp(CancellationToken cancellationToken)
    {
        Forget();
        var known = until.ToArray();
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        await redis!.RemoveSortedBelow(Key, now, cancellationToken);
        var stored = await redis.SortedFrom(Key, now, MaxLoaded, cancellationToken);
        foreach (var entry in stored)
        {
            until[entry.Element!] = DateTimeOffset.FromUnixTimeSeconds((long)entry.Score);
        }

        var told = stored.Select(entry => (string)entry.Element!).ToHashSet(StringComparer.Ordinal);
        foreach (var (session, end) in known.Where(session => !told.Contains(session.Key)))
        {
            await Tell(session, end, cancellationToken);
        }

        if (!IsSharing)
        {
            CaughtUp(logger, until.Count);
        }
    }

    private async Task Tell(string sessionId, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var seconds = end.ToUnixTimeSeconds() + 1;
        await redis!.AddSorted(Key, sessionId, seconds, cancellationToken);
        await redis.Publish(Channel, string.Create(CultureInfo.InvariantCulture, $"{seconds} {sessionId}"), cancellationToken);
    }

    private void Hear(string message)
    {
        var space = message.IndexOf(' ', StringComparison.Ordinal);
        if (space > 0 && long.TryParse(message.AsSpan(0, space), CultureInfo.InvariantCulture, out var seconds))
        {
            until[message[(space + 1)..]] = DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        Forget();
    }

    private void Forget()
    {
        var now = clock.GetUtcNow();
        foreach (var (session, end) in until)
        {
            if (end <= now)
            {
                until.TryRemove(session, out _);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "A session was revoked while Redis is away; other processes learn it when it is back.")]
    private static partial void ToldLater(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Information, "{Count} revoked sessions are known.")]
    private static partial void CaughtUp(ILogger logger, int count);
}
