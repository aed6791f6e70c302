using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Words = EventFly.BuildingBlocks.Http.Problems;

namespace EventFly.ServiceDefaults.Problems;

/// <summary>What is said for a status that somebody set without saying why.</summary>
internal static class Unanswered
{
    public static ProblemDetails For(int status) => status switch
    {
        StatusCodes.Status400BadRequest => Words.Of(status, "bad-request", "The request cannot be read."),
        StatusCodes.Status401Unauthorized => Words.Of(status, "unauthenticated", "Sign in and send the access token."),
        StatusCodes.Status403Forbidden => Words.Of(status, "forbidden", "This account may not do that."),
        StatusCodes.Status404NotFound => Words.Of(status, "not-found", "There is nothing here."),
        StatusCodes.Status405MethodNotAllowed => Words.Of(status, "method-not-allowed", "This resource does not know that method: see the Allow header."),
        StatusCodes.Status408RequestTimeout => Words.Of(status, "request-timeout", "The request came too slowly."),
        StatusCodes.Status413PayloadTooLarge => Words.Of(status, "too-large", "The request is too large."),
        StatusCodes.Status415UnsupportedMediaType => Words.Of(status, "unsupported-media-type", "Send application/json."),
        StatusCodes.Status429TooManyRequests => Words.Of(status, "too-many-requests", "Too many requests. Wait a moment."),
        StatusCodes.Status431RequestHeaderFieldsTooLarge => Words.Of(status, "headers-too-large", "The request's headers are too large."),
        StatusCodes.Status502BadGateway => Words.Of(status, "bad-gateway", "The service behind did not answer properly. Try again."),
        StatusCodes.Status503ServiceUnavailable => Words.Of(status, "unavailable", "Not available right now. Try again."),
        StatusCodes.Status504GatewayTimeout => Words.Of(status, "gateway-timeout", "The service behind took too long. Try again."),
        < StatusCodes.Status500InternalServerError => Words.Of(status, "refused", "The request was refused."),
        _ => Words.Of(status, "internal", "Something broke on our side. The trace id finds it in the logs."),
    };
}
