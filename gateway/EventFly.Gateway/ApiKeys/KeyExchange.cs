using System.Collections.Concurrent;
using System.Net;
using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Decisions;
using EventFly.Gateway.Limits;
using EventFly.ServiceDefaults.Tokens;
using Microsoft.Extensions.Options;

namespace EventFly.Gateway.ApiKeys;

/// <summary>
/// The access token for an API key. Auth is asked once per key and minute, whatever the traffic; while it is away, keys whose token is still good go on, and
/// of the others nobody can say whether they are good.
/// </summary>
internal sealed partial class KeyExchange(
    IHttpClientFactory clients, KnownKeys good, Guesses guesses, IOptions<ApiKeyOptions> options, TimeProvider clock, ILogger<KeyExchange> logger)
{
    /// <summary>Name of the HttpClient that asks auth.</summary>
    public const string Client = "api-keys";

    /// <summary>Every key begins with it, and no other token does.</summary>
    public const string Beginning = "efk_";

    private const int Length = 80;

    /// <summary>A token is not sent on when it would run out on its way.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private static readonly Refusal Wrong = new(RefusalKind.Unauthenticated, "invalid-api-key", "The API key is not valid or no longer valid.");

    private readonly KnownKeys wrong = new();
    private readonly ConcurrentDictionary<TokenHash, Lazy<Task<Answer>>> asking = new();

    /// <summary>The token, or why there is none.</summary>
    public async ValueTask<(string? AccessToken, Refusal? Refusal)> TokenFor(string key, IPAddress? address, CancellationToken cancellationToken)
    {
        if (key.Length != Length)
        {
            return (null, Wrong);
        }

        var hash = TokenHash.Of(key);
        var now = clock.GetUtcNow();
        var wasGood = good.TryGet(hash, out var known);
        if (known?.Until > now)
        {
            return (known.AccessToken, null);
        }

        if (wrong.TryGet(hash, out var refused) && refused.Until > now)
        {
            return (null, Wrong);
        }

        var client = ClientKey.Of(address);
        if (!wasGood && guesses.Take(client) is { } wait)
        {
            return (null, new Refusal(RefusalKind.TooMany, "too-many-attempts", "Too many API keys that are not known. Wait a moment.") { RetryAfter = wait });
        }

        // Whoever asks first asks for all that wait, and may give up without taking the answer from them.
        var answer = await asking.GetOrAdd(hash, _ => new Lazy<Task<Answer>>(() => Ask(hash, key))).Value.WaitAsync(cancellationToken);
        if (!wasGood && answer is not { Known.AccessToken: null })
        {
            guesses.GiveBack(client);
        }

        return answer.Known switch
        {
            { AccessToken: { } token } => (token, null),
            { } => (null, Wrong),
            null => (null, Refusal.Unavailable("auth-unavailable", "Nobody can say now whether the API key is valid. Try again.", RetryAfter)),
        };
    }

    private async Task<Answer> Ask(TokenHash hash, string key)
    {
        try
        {
            using var client = clients.CreateClient(Client);
            using var response = await client.PostAsJsonAsync(new Uri("api/auth/internal/api-keys/exchange", UriKind.Relative), new { key }, CancellationToken.None);
            var now = clock.GetUtcNow();
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK:
                    var exchanged = (await response.Content.ReadFromJsonAsync<Exchanged>(EventFlyJson.Options))!;
                    var fresh = new KnownKey(exchanged.AccessToken, now + TimeSpan.FromSeconds(exchanged.ExpiresIn) - Margin);
                    good.Remember(hash, fresh);
                    return new Answer(fresh);
                case HttpStatusCode.Unauthorized:
                    var not = new KnownKey(null, now + options.Value.WrongFor);
                    good.Forget(hash);
                    wrong.Remember(hash, not);
                    return new Answer(not);
                default:
                    LogAway(logger, $"status {(int)response.StatusCode}");
                    return new Answer(null);
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or System.Text.Json.JsonException)
        {
            LogAway(logger, failure.Message);
            return new Answer(null);
        }
        finally
        {
            asking.TryRemove(hash, out _);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Auth cannot be asked about an API key: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);

    /// <param name="Known">Null when auth could not say.</param>
    private sealed record Answer(KnownKey? Known);

    private sealed record Exchanged(string AccessToken, int ExpiresIn);
}
