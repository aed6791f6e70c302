using System.ComponentModel.DataAnnotations;
using EventFly.Auth.Accounts;
using EventFly.Auth.Tokens;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Auth.ApiKeys;

/// <summary>
/// A key for a short access token. The gateway asks when a request carries a key, so that services see tokens only; it has no door from outside. What the
/// maker may do is looked up each time: a key loses with them what they lose.
/// </summary>
internal static class ExchangeApiKey
{
    public sealed record Request([property: Required, MaxLength(200)] string Key);

    /// <param name="AccessToken">For the Authorization header.</param>
    /// <param name="ExpiresIn">Seconds that it is good.</param>
    public sealed record Response(string AccessToken, int ExpiresIn);

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/internal/api-keys/exchange", Handle).AllowAnonymous();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Request request, Documents<ApiKey> keys, Documents<Account> accounts, AccessTokens tokens, TimeProvider clock, HttpResponse response,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (!ApiKeySecret.TryRead(request.Key, out var shown)
            || await keys.Get(ApiKey.IdOf(shown.Id), cancellationToken) is not { Body: var key }
            || !key.Accepts(shown, now)
            || key.Permissions((await accounts.Get(Account.IdOf(key.MadeBy), cancellationToken))?.Body) is not { } permissions)
        {
            return new Refusal(RefusalKind.Unauthenticated, "invalid-api-key", "The API key is not valid or no longer valid.").ToProblem();
        }

        // Somebody else's write at the same moment says the same.
        await keys.Change(ApiKey.IdOf(key.Id), current => current?.Body.Use(now) ?? Decision.Nothing, cancellationToken);
        var lifetime = key.ExpiresAt is { } end && end - now < ApiKey.TokenTime ? end - now : ApiKey.TokenTime;
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Response(tokens.IssueForKey(key.Id, key.OrganizationId, permissions, lifetime), (int)lifetime.TotalSeconds));
    }
}
