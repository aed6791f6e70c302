using System.Text.Encodings.Web;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using EventFly.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Words = EventFly.BuildingBlocks.Http.Problems;

namespace EventFly.ServiceDefaults.Tokens;

internal sealed class TokenHandlerOptions : AuthenticationSchemeOptions;

/// <summary>Reads the access token of a request. Browsers cannot set headers on WebSockets, so <c>/realtime</c> may carry it in the query.</summary>
internal sealed class TokenHandler(IOptionsMonitor<TokenHandlerOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenCheck check)
    : AuthenticationHandler<TokenHandlerOptions>(options, logger, encoder)
{
    public const string Bearer = "Bearer";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (TokenOf(Request) is not { } token)
        {
            return AuthenticateResult.NoResult();
        }

        try
        {
            return await check.Check(token, Context.RequestAborted) is { } principal
                ? AuthenticateResult.Success(new AuthenticationTicket(principal, Bearer))
                : AuthenticateResult.Fail("The access token is not valid.");
        }
        catch (TokenKeysUnavailableException notNow)
        {
            return AuthenticateResult.Fail(notNow);
        }
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var failure = (await HandleAuthenticateOnceSafeAsync()).Failure;
        if (failure is TokenKeysUnavailableException)
        {
            // A good token must not be answered with "sign in again".
            await Refusal.Unavailable("auth-unavailable", "Nobody can say now whether the access token is valid. Try again.", TokenKeys.MinIntervalWithoutKeys)
                .ToProblem().ExecuteAsync(Context);
            return;
        }

        Response.Headers.WWWAuthenticate = Bearer;
        await Answer.Write(Context, failure is not null
            ? Words.Of(StatusCodes.Status401Unauthorized, "invalid-token", "The access token is not valid or no longer valid. Sign in again.")
            : Unanswered.For(StatusCodes.Status401Unauthorized));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Answer.Write(Context, Unanswered.For(StatusCodes.Status403Forbidden));

    private static string? TokenOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return header["Bearer ".Length..].Trim();
        }

        // A door device's token is no access token, good or bad: the service that knows devices looks at it.
        if (header.StartsWith("Device ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (header.Length > 0)
        {
            return "";
        }

        return request.Path.StartsWithSegments("/realtime", StringComparison.Ordinal) && request.Query["access_token"].ToString() is { Length: > 0 } token
            ? token
            : null;
    }
}
