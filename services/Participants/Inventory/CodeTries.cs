using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using Microsoft.Extensions.Options;

namespace EventFly.Participants.Inventory;

public sealed class CodeOptions
{
    /// <summary>Wrong codes that one buyer, or one address that has not signed in, may try in a window.</summary>
    [Range(1, 100_000)]
    public int WrongTries { get; set; } = 20;

    /// <summary>Tries are counted anew after this time.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(10);
}

/// <summary>
/// Codes are not found by trying: whoever named too many that do not exist waits, also for a right one. Counted in this process, for a bounded number
/// of callers; several processes allow that many times more.
/// </summary>
internal sealed class CodeTries(IOptions<CodeOptions> options, TimeProvider clock)
{
    private const int MostCallers = 50_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, int> tries = new(StringComparer.Ordinal);
    private long window;

    /// <summary>Null when the caller may name a code; else how long to wait.</summary>
    public Refusal? RefuseMore(HttpContext http)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            return CountOf(CallerOf(http), now) < options.Value.WrongTries
                ? null
                : new Refusal(RefusalKind.TooMany, "too-many-code-tries", "Too many wrong codes. Wait a moment.", "code")
                {
                    RetryAfter = new DateTimeOffset((window + 1) * options.Value.Window.Ticks, TimeSpan.Zero) - now,
                };
        }
    }

    /// <summary>Counts a code that there is not.</summary>
    public void Note(HttpContext http, Refusal refusal)
    {
        if (refusal.Code != "code-unknown")
        {
            return;
        }

        var (caller, now) = (CallerOf(http), clock.GetUtcNow());
        lock (gate)
        {
            var count = CountOf(caller, now);
            if (tries.Count >= MostCallers && count == 0)
            {
                // Full: all begin anew. An attacker with that many addresses gains one window.
                tries.Clear();
            }

            tries[caller] = count + 1;
        }
    }

    /// <summary>The code that somebody who only looks has named.</summary>
    public (CodeTerms? Code, Refusal? Refusal) CodeOf(HttpContext http, TicketInventory inventory, string? codeHash)
    {
        if (codeHash is null)
        {
            return (null, null);
        }

        if (RefuseMore(http) is { } wait)
        {
            return (null, wait);
        }

        var (code, refusal) = inventory.CodeOf(codeHash, clock.GetUtcNow());
        if (refusal is not null)
        {
            Note(http, refusal);
        }

        return (code, refusal);
    }

    private int CountOf(string caller, DateTimeOffset now)
    {
        var current = now.UtcTicks / options.Value.Window.Ticks;
        if (current != window)
        {
            window = current;
            tries.Clear();
        }

        return tries.GetValueOrDefault(caller);
    }

    private static string CallerOf(HttpContext http) => CurrentUser.Of(http) is { } user ? user.Id.ToString() : NetworkOf(http.Connection.RemoteIpAddress);

    /// <summary>Whoever has one IPv6 address has the 2^64 around it.</summary>
    private static string NetworkOf(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => new IPAddress([.. address.GetAddressBytes()[..8], .. new byte[8]]).ToString(),
        _ => address.ToString(),
    };
}
