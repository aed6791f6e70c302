using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace EventFly.ServiceDefaults.Tokens;

/// <summary>
/// Auth's public keys by id. They are fetched when first needed, again after <see cref="MaxAge"/>, and for an id that is not known, but never more
/// often than every <see cref="MinInterval"/>. While auth is away the last good keys stay in use. <c>Auth:Jwks</c> in the configuration replaces all that.
/// </summary>
public sealed partial class TokenKeys : IDisposable
{
    /// <summary>Name of the HttpClient that fetches them. Auth itself puts its own keys behind it.</summary>
    public const string Client = "token-keys";

    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(5);

    private readonly IHttpClientFactory clients;
    private readonly TimeProvider clock;
    private readonly ILogger<TokenKeys> logger;
    private readonly SemaphoreSlim fetching = new(1, 1);
    private readonly bool given;
    private volatile FrozenDictionary<string, SecurityKey> keys = FrozenDictionary<string, SecurityKey>.Empty;
    private long fetchedAt;
    private long triedAt;
    private bool tried;

    public TokenKeys(IHttpClientFactory clients, IConfiguration configuration, TimeProvider clock, ILogger<TokenKeys> logger)
    {
        (this.clients, this.clock, this.logger) = (clients, clock, logger);
        if (configuration["Auth:Jwks"] is { Length: > 0 } jwks)
        {
            keys = Read(jwks);
            given = true;
        }
    }

    /// <summary>The key, or null when auth has none of this id (or has never answered).</summary>
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
            if (tried && clock.GetElapsedTime(triedAt) < MinInterval)
            {
                return;
            }

            (tried, triedAt) = (true, clock.GetTimestamp());
            using var client = clients.CreateClient(Client);
            keys = Read(await client.GetStringAsync(new Uri(".well-known/jwks.json", UriKind.Relative), cancellationToken));
            Volatile.Write(ref fetchedAt, clock.GetTimestamp());
            Fetched(logger, keys.Count);
        }
        catch (Exception exception) when (exception is HttpRequestException or ArgumentException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
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
