using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace EventFly.ServiceDefaults.Tokens;

/// <summary>
/// Auth's public keys by id. They are fetched when first needed, again after <see cref="MaxAge"/>, and for an id that is not known, but never more
/// often than every <see cref="MinInterval"/>. While auth is away the last good keys stay in use; before there are any, nobody can be told whether a token
/// is good. <c>Auth:Jwks</c> in the configuration replaces all that.
/// </summary>
public sealed partial class TokenKeys : IDisposable
{
    /// <summary>Name of the HttpClient that fetches them. Auth itself puts its own keys behind it.</summary>
    public const string Client = "token-keys";

    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(5);

    /// <summary>The same while no key is known: everybody waits for the first.</summary>
    public static readonly TimeSpan MinIntervalWithoutKeys = TimeSpan.FromSeconds(1);

    private readonly IHttpClientFactory clients;
    private readonly TimeProvider clock;
    private readonly ILogger<TokenKeys> logger;
    private readonly SemaphoreSlim fetching = new(1, 1);
    private readonly bool given;
    private volatile FrozenDictionary<string, SecurityKey> keys = FrozenDictionary<string, SecurityKey>.Empty;
    private long fetchedAt;
    private long triedAt;
    private bool tried;
    private volatile bool known;

    public TokenKeys(IHttpClientFactory clients, IConfiguration configuration, TimeProvider clock, ILogger<TokenKeys> logger)
    {
        (this.clients, this.clock, this.logger) = (clients, clock, logger);
        if (configuration["Auth:Jwks"] is { Length: > 0 } jwks)
        {
            keys = Read(jwks);
            given = true;
        }
    }

    /// <summary>The key, or null when auth has none of this id.</summary>
    /// <exception cref="TokenKeysUnavailableException">Auth has never answered.</exception>
    public async ValueTask<SecurityKey?> Find(string? kid, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(kid))
        {
            return null;
        }

        if (keys.TryGetValue(kid, out var key) && (given || clock.GetElapsedTime(Volatile.Read(ref fetchedAt)) < MaxAge))
        {
            return key;
        }

        if (!given)
        {
            await Fetch(kid, cancellationToken);
            if (!known)
            {
                throw new TokenKeysUnavailableException();
            }
        }

        return keys.GetValueOrDefault(kid);
    }

    public void Dispose() => fetching.Dispose();

    private async Task Fetch(string kid, CancellationToken cancellationToken)
    {
        await fetching.WaitAsync(cancellationToken);
        try
        {
            // Somebody else may have fetched while we waited.
            if (tried && clock.GetElapsedTime(triedAt) < (known ? MinInterval : MinIntervalWithoutKeys))
            {
                return;
            }

            (tried, triedAt) = (true, clock.GetTimestamp());
            using var client = clients.CreateClient(Client);
            // For everybody who waits: whoever asked first may give up, and this goes on until the client's own time-out.
            keys = Read(await client.GetStringAsync(new Uri(".well-known/jwks.json", UriKind.Relative), CancellationToken.None));
            Volatile.Write(ref fetchedAt, clock.GetTimestamp());
            known = true;
            Fetched(logger, keys.Count);
        }
        catch (Exception exception) when (exception is HttpRequestException or ArgumentException or OperationCanceledException)
        {
            NotFetched(logger, kid, keys.Count, exception);
        }
        finally
        {
            fetching.Release();
        }
    }

    private static FrozenDictionary<string, SecurityKey> Read(string jwks) => new JsonWebKeySet(jwks).Keys
        .Where(key => key is { Kty: "EC", Crv: "P-256", Kid.Length: > 0 } && key.Use is null or "" or "sig")
        .ToFrozenDictionary(key => key.Kid, key => (SecurityKey)key, StringComparer.Ordinal);

    [LoggerMessage(LogLevel.Information, "Auth has {Count} token keys.")]
    private static partial void Fetched(ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "Auth's token keys cannot be fetched (for {Kid}); going on with the {Count} known ones.")]
    private static partial void NotFetched(ILogger logger, string kid, int count, Exception exception);
}

/// <summary>Auth's keys are not known yet: no token can be judged now.</summary>
public sealed class TokenKeysUnavailableException() : Exception("Auth's token keys are not known yet.");
