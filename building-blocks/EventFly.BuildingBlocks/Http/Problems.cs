using EventFly.BuildingBlocks.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace EventFly.BuildingBlocks.Http;

/// <summary>Every "no" over HTTP: RFC 9457 with a stable <c>type</c> and <c>code</c>, <c>errors</c> by field in JSON spelling.</summary>
public static class Problems
{
    /// <summary>Extension member that becomes the Retry-After header, in whole seconds.</summary>
    public const string RetryAfter = "retryAfter";

    /// <summary>The answer to a refusal.</summary>
    public static ProblemHttpResult ToProblem(this Refusal refusal) => TypedResults.Problem(refusal.ToProblemDetails());

    /// <summary>The body of the answer to a refusal.</summary>
    public static ProblemDetails ToProblemDetails(this Refusal refusal)
    {
        var problem = Of(StatusOf(refusal.Kind), refusal.Code, refusal.Message);
        foreach (var (name, value) in refusal.Details ?? new Dictionary<string, object?>())
        {
            problem.Extensions[name] = value;
        }

        if (refusal.Field is { } field)
        {
            problem.Extensions["errors"] = new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [refusal.Message] };
        }

        if (refusal.RetryAfter is { } wait)
        {
            problem.Extensions[RetryAfter] = (long)Math.Max(1, Math.Ceiling(wait.TotalSeconds));
        }

        return problem;
    }

    /// <summary>A problem that no refusal stands behind: broken machinery, a request that no handler saw.</summary>
    /// <param name="status">HTTP status, 400 to 599.</param>
    /// <param name="code">Stable, kebab-case.</param>
    /// <param name="detail">One sentence for people. No personal data, nothing about the inside.</param>
    public static ProblemDetails Of(int status, string code, string detail) => new()
    {
        Type = TypeOf(code),
        Title = ReasonPhrases.GetReasonPhrase(status),
        Status = status,
        Detail = detail,
        Extensions = { ["code"] = code },
    };

    /// <summary>The stable identifier of a kind of problem.</summary>
    public static string TypeOf(string code) => $"urn:eventfly:problem:{code}";

    private static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.Invalid => StatusCodes.Status400BadRequest,
        RefusalKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.Stale => StatusCodes.Status412PreconditionFailed,
        RefusalKind.PreconditionRequired => StatusCodes.Status428PreconditionRequired,
        RefusalKind.Unprocessable => StatusCodes.Status422UnprocessableEntity,
        RefusalKind.TooMany => StatusCodes.Status429TooManyRequests,
        RefusalKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind of refusal has no HTTP status."),
    };
}
