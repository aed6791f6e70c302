using System.Collections.Concurrent;
using System.Globalization;
using EventFly.ServiceDefaults.Redis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventFly.ServiceDefaults.Tokens;

/// <summary>
/// Short texts that every process must know for a while. Kept in memory, so that asking costs nothing; shared over Redis: a sorted set (text by the
/// second when it is over) for processes that start or come back, a channel of the same name for those that run; a message on it is
/// <c>&lt;unix seconds&gt; &lt;text&gt;</c>. While Redis is away each process goes on with what it knows, and tells the others what it learned meanwhile as
/// soon as Redis is back.
/// </summary>
public abstract partial class SharedNotices(string key, TimeProvider clock, ILogger logger, RedisClient? redis) : BackgroundService
{
    private const int MaxLoaded = 100_000;

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Repeat = TimeSpan.FromSeconds(5);

    // Never disposed: the driver's thread may release it to the last moment, and it holds nothing but memory.
    private readonly SemaphoreSlim back = new(0);
    private readonly ConcurrentDictionary<string, DateTimeOffset> until = new(StringComparer.Ordinal);

    /// <summary>How many are known.</summary>
    public int Count => until.Count;

    /// <summary>Whether what others tell is heard.</summary>
    public bool IsSharing { get; private set; }

    /// <summary>Whether a text is known and not over.</summary>
    protected bool Knows(string notice) => until.TryGetValue(notice, out var end) && end > clock.GetUtcNow();

    /// <summary>
    /// Makes a text known here at once and in every other process as soon as Redis tells them. Does not fail when Redis is away: then the others
    /// learn it later.
    /// </summary>
    protected async Task Tell(string notice, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var end = clock.GetUtcNow() + lifetime;
        Take(notice, end);
        if (redis is null)
        {
            return;
        }

        try
        {
            await Share(notice, end, cancellationToken);
        }
        catch (RedisUnavailableException exception)
        {
            ToldLater(logger, key, exception);
        }
    }

    /// <summary>A text became known, or is known for longer. Called again for what is known already.</summary>
    protected virtual void Heard(string notice, DateTimeOffset end)
    {
    }

    /// <summary>A text is over.</summary>
    protected virtual void Gone(string notice)
    {
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
                    await redis.Subscribe(key, Hear, stoppingToken);
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
        await redis!.RemoveSortedBelow(key, now, cancellationToken);
        var stored = await redis.SortedFrom(key, now, MaxLoaded, cancellationToken);
        foreach (var entry in stored)
        {
            Take(entry.Element!, DateTimeOffset.FromUnixTimeSeconds((long)entry.Score));
        }

        var told = stored.Select(entry => (string)entry.Element!).ToHashSet(StringComparer.Ordinal);
        foreach (var (notice, end) in known.Where(notice => !told.Contains(notice.Key)))
        {
            await Share(notice, end, cancellationToken);
        }

        if (!IsSharing)
        {
            CaughtUp(logger, until.Count, key);
        }
    }

    private async Task Share(string notice, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var seconds = end.ToUnixTimeSeconds() + 1;
        await redis!.AddSorted(key, notice, seconds, cancellationToken);
        await redis.Publish(key, string.Create(CultureInfo.InvariantCulture, $"{seconds} {notice}"), cancellationToken);
    }

    private void Hear(string message)
    {
        var space = message.IndexOf(' ', StringComparison.Ordinal);
        if (space > 0 && long.TryParse(message.AsSpan(0, space), CultureInfo.InvariantCulture, out var seconds))
        {
            Take(message[(space + 1)..], DateTimeOffset.FromUnixTimeSeconds(seconds));
        }

        Forget();
    }

    private void Take(string notice, DateTimeOffset end)
    {
        until[notice] = end;
        Heard(notice, end);
    }

    private void Forget()
    {
        var now = clock.GetUtcNow();
        foreach (var (notice, end) in until)
        {
            if (end <= now && until.TryRemove(notice, out _))
            {
                Gone(notice);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Something about {What} became known while Redis is away; other processes learn it when it is back.")]
    private static partial void ToldLater(ILogger logger, string what, Exception exception);

    [LoggerMessage(LogLevel.Information, "{Count} {What} are known.")]
    private static partial void CaughtUp(ILogger logger, int count, string what);
}
