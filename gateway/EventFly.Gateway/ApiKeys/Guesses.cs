using System.Collections.Concurrent;
using EventFly.Gateway.Limits;
using Microsoft.Extensions.Options;

namespace EventFly.Gateway.ApiKeys;

/// <summary>
/// Counts keys that nobody knows, before auth is asked about them: wrong ones by client, all of them together. Each gateway counts alone; what it counts
/// protects auth, the secrets protect themselves.
/// </summary>
internal sealed class Guesses(IOptions<ApiKeyOptions> options, TimeProvider clock)
{
    private const int MostClients = 50_000;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock turning = new();
    private Window minute = new(0);
    private Window second = new(0);

    /// <summary>Null when auth may be asked about one more key for this client; else how long to wait. A key that turns out good is given back.</summary>
    public TimeSpan? Take(ClientKey client)
    {
        var now = clock.GetUtcNow();
        var clients = Current(ref minute, Minute, now);
        // When full, further clients are bounded by what all may ask together.
        if ((clients.ByClient.ContainsKey(client) || clients.ByClient.Count < MostClients)
            && clients.ByClient.AddOrUpdate(client, 1, static (_, count) => count + 1) > options.Value.WrongPerMinute)
        {
            return Left(Minute, now);
        }

        if (Interlocked.Increment(ref Current(ref second, Second, now).All) > options.Value.UnknownPerSecond)
        {
            GiveBack(client);
            return Left(Second, now);
        }

        return null;
    }

    public void GiveBack(ClientKey client)
    {
        var clients = Current(ref minute, Minute, clock.GetUtcNow()).ByClient;
        while (clients.TryGetValue(client, out var count) && count > 0 && !clients.TryUpdate(client, count - 1, count))
        {
            // Somebody else counted meanwhile.
        }
    }

    private Window Current(ref Window window, TimeSpan length, DateTimeOffset now)
    {
        var number = now.UtcTicks / length.Ticks;
        if (Volatile.Read(ref window).Number != number)
        {
            lock (turning)
            {
                if (window.Number != number)
                {
                    Volatile.Write(ref window, new Window(number));
                }
            }
        }

        return window;
    }

    private static TimeSpan Left(TimeSpan length, DateTimeOffset now) => TimeSpan.FromTicks(length.Ticks - (now.UtcTicks % length.Ticks));

    private sealed class Window(long number)
    {
        public int All;

        public long Number => number;

        public ConcurrentDictionary<ClientKey, int> ByClient { get; } = new();
    }
}
