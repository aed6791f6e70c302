using System.ComponentModel.DataAnnotations;
using System.Diagnostics.Metrics;
using EventFly.BuildingBlocks.Decisions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EventFly.Auth.Accounts;

/// <summary>What passwords cost.</summary>
internal sealed class PasswordOptions
{
    /// <summary>PBKDF2-HMAC-SHA512 iterations of new hashes. Raised: the hash of everybody who signs in is renewed.</summary>
    [Range(1_000, 10_000_000)]
    public int Iterations { get; set; } = 210_000;

    /// <summary>Hashes computed at once; 0 leaves one processor to the rest.</summary>
    [Range(0, 256)]
    public int Parallel { get; set; }

    /// <summary>Callers that may wait for their turn; the next one hears 503.</summary>
    [Range(1, 10_000)]
    public int Waiting { get; set; } = 100;
}

/// <summary>
/// Hashes and checks passwords on a bounded number of threads, so that a rush of sign-ins costs those who sign in some waiting and
/// nobody else anything.
/// </summary>
internal sealed class Passwords : IDisposable
{
    private static readonly Meter Meter = new("EventFly.Auth");

    private static readonly Counter<long> Turned = Meter.CreateCounter<long>(
        "eventfly.auth.passwords.turned_away", "{request}", "Requests that were refused because too many passwords waited to be checked.");

    private readonly PasswordHasher<Account> hasher;
    private readonly SemaphoreSlim turns;
    private readonly int atMost;
    private readonly Lazy<string> nobodysHash;
    private int inside;

    public Passwords(IOptions<PasswordOptions> options)
    {
        var parallel = options.Value.Parallel is var set and > 0 ? set : Math.Max(1, Environment.ProcessorCount - 1);
        hasher = new PasswordHasher<Account>(Options.Create(new PasswordHasherOptions { IterationCount = options.Value.Iterations }));
        turns = new SemaphoreSlim(parallel);
        atMost = parallel + options.Value.Waiting;
        nobodysHash = new Lazy<string>(() => hasher.HashPassword(null!, Guid.CreateVersion7().ToString()));
    }

    private static Refusal Busy =>
        Refusal.Unavailable("busy", "Too many people are signing in right now. Try again in a moment.", TimeSpan.FromSeconds(2));

    public void Dispose() => turns.Dispose();

    public Task<(string? Hash, Refusal? Refusal)> Hash(string password, CancellationToken cancellationToken) =>
        InTurn(() => hasher.HashPassword(null!, password), cancellationToken);

    /// <summary>
    /// Compares a password with an account's. For no account it compares with a hash that nobody's password has: it takes as long.
    /// </summary>
    public async Task<(PasswordVerificationResult Result, Refusal? Refusal)> Verify(Account? account, string password, CancellationToken cancellationToken)
    {
        var (result, refusal) = await InTurn<PasswordVerificationResult?>(
            () => hasher.VerifyHashedPassword(null!, account?.PasswordHash ?? nobodysHash.Value, password), cancellationToken);
        return (account is null ? PasswordVerificationResult.Failed : result ?? PasswordVerificationResult.Failed, refusal);
    }

    /// <summary>Computes what the first sign-in to an unknown account would otherwise have to compute.</summary>
    public void Prepare() => _ = nobodysHash.Value;

    private async Task<(T? Value, Refusal? Refusal)> InTurn<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref inside) > atMost)
        {
            Interlocked.Decrement(ref inside);
            Turned.Add(1);
            return (default, Busy);
        }

        try
        {
            await turns.WaitAsync(cancellationToken);
            try
            {
                return (await Task.Run(work, cancellationToken), null);
            }
            finally
            {
                turns.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref inside);
        }
    }
}
