namespace EventFly.BuildingBlocks.Decisions;

/// <summary>Why a refusal was given, in the terms that every transport understands.</summary>
public enum RefusalKind
{
    /// <summary>The request makes no sense as written (HTTP 400).</summary>
    Invalid,

    /// <summary>The caller is not known (HTTP 401).</summary>
    Unauthenticated,

    /// <summary>The caller is known and may not do this (HTTP 403).</summary>
    Forbidden,

    /// <summary>There is no such thing, or none that the caller may see (HTTP 404).</summary>
    NotFound,

    /// <summary>The state of the thing does not allow it now (HTTP 409).</summary>
    Conflict,

    /// <summary>The thing was changed since the caller read it (HTTP 412).</summary>
    Stale,

    /// <summary>The request must say which version of the thing it means (HTTP 428).</summary>
    PreconditionRequired,

    /// <summary>The request is well formed and still cannot be met, whatever the state (HTTP 422).</summary>
    Unprocessable,

    /// <summary>The caller asked too often (HTTP 429).</summary>
    TooMany,

    /// <summary>Something behind us does not answer right now; trying again later is right (HTTP 503).</summary>
    Unavailable,
}

/// <summary>A "no" as data: expected, part of the business, on the hot path. Broken machinery throws instead.</summary>
/// <param name="Kind">What kind of no.</param>
/// <param name="Code">Stable, kebab-case, for programs: <c>sold-out</c>.</param>
/// <param name="Message">One sentence for people. No personal data.</param>
/// <param name="Field">The request field it is about, in JSON spelling, where it is about one.</param>
public sealed record Refusal(RefusalKind Kind, string Code, string Message, string? Field = null)
{
    /// <summary>How long to wait before another try makes sense.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Facts that a program may want beside the sentence, for example <c>{"admittedAt": …}</c>.</summary>
    public IReadOnlyDictionary<string, object?>? Details { get; init; }

    /// <summary>A value of the request is wrong (400).</summary>
    public static Refusal Invalid(string code, string message, string? field = null) => new(RefusalKind.Invalid, code, message, field);

    /// <summary>No such thing for this caller (404).</summary>
    public static Refusal NotFound(string code, string message) => new(RefusalKind.NotFound, code, message);

    /// <summary>The state does not allow it (409).</summary>
    public static Refusal Conflict(string code, string message) => new(RefusalKind.Conflict, code, message);

    /// <summary>The caller may not (403).</summary>
    public static Refusal Forbidden(string code, string message) => new(RefusalKind.Forbidden, code, message);

    /// <summary>Changed since it was read (412).</summary>
    public static Refusal Stale(string code, string message) => new(RefusalKind.Stale, code, message);

    /// <summary>Well formed, and cannot be met (422).</summary>
    public static Refusal Unprocessable(string code, string message, string? field = null) => new(RefusalKind.Unprocessable, code, message, field);

    /// <summary>Not now (503).</summary>
    public static Refusal Unavailable(string code, string message, TimeSpan retryAfter) =>
        new(RefusalKind.Unavailable, code, message) { RetryAfter = retryAfter };
}
