using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EventFly.BuildingBlocks.Http;

/// <summary>
/// Makes a repeated POST harmless: the answer to the first is kept for 24 hours under the client's <c>Idempotency-Key</c> and given again. The same key with
/// another body is refused (422), the same key while the first is still worked on too (409).
/// </summary>
/// <remarks>https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/</remarks>
public static class IdempotencyKeys
{
    /// <summary>The request header.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>Longest key, in characters.</summary>
    public const int MaxLength = 128;

    /// <summary>Largest answer that is kept, in bytes. A larger one is given and forgotten.</summary>
    public const int MaxAnswer = 256 * 1024;

    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    // Longer than any request may take: whoever is still "in flight" then has died on the way.
    private static readonly TimeSpan InFlight = TimeSpan.FromMinutes(1);

    private static readonly DocumentType<StoredAnswer> Answers =
        new DocumentType<StoredAnswer>("idempotent_answers", answer => answer.Id).ExpiresAt(answer => answer.Until);

    /// <summary>The service keeps answers in its own store. Needed where an endpoint says <see cref="WithIdempotencyKey{TBuilder}"/>.</summary>
    public static IServiceCollection AddIdempotencyKeys(this IServiceCollection services) => services.AddDocuments(Answers);

    /// <summary>The endpoint honours the header; a request without it is handled as always.</summary>
    public static TBuilder WithIdempotencyKey<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new TakesHeader(Header));

    /// <summary>The middleware; it belongs after authorization.</summary>
    public static IApplicationBuilder UseIdempotencyKeys(this IApplicationBuilder app) => app.Use(static (context, next) =>
        context.Request.Headers.TryGetValue(Header, out var key)
        && context.GetEndpoint()?.Metadata.GetOrderedMetadata<TakesHeader>().Any(static taken => taken.Name == Header) is true
            ? Once(context, next, key.ToString())
            : next(context));

    private static async Task Once(HttpContext context, RequestDelegate next, string key)
    {
        if (key.Length is 0 or > MaxLength || key.Any(character => character is < '!' or > '~'))
        {
            await Refusal.Invalid("idempotency-key-malformed", $"{Header} must be 1 to {MaxLength} printable ASCII characters.", Header).ToProblem().ExecuteAsync(context);
            return;
        }

        var answers = context.RequestServices.GetService<Documents<StoredAnswer>>()
            ?? throw new InvalidOperationException("The endpoint honours Idempotency-Key, but the service keeps no answers: call AddIdempotencyKeys().");
        var clock = context.RequestServices.GetRequiredService<TimeProvider>();
        var fingerprint = await Fingerprint(context);
        var id = IdOf(context, key, fingerprint);
        var now = clock.GetUtcNow();
        var mine = new StoredAnswer(id, fingerprint, now, now + Kept);
        StoredAnswer? known = null;
        var taken = await answers.Change(id, current => Take(current?.Body, mine, out known), context.RequestAborted);
        if (taken.Refusal is { } refusal)
        {
            await refusal.ToProblem().ExecuteAsync(context);
        }
        else if (known is { Status: { } status })
        {
            await Replay(context, known, status);
        }
        else
        {
            await RunAndKeep(context, next, answers, mine);
        }
    }

    private static Change<StoredAnswer> Take(StoredAnswer? current, StoredAnswer mine, out StoredAnswer? known)
    {
        known = current;
        if (current is null)
        {
            return mine;
        }

        if (current.Fingerprint != mine.Fingerprint)
        {
            return Refusal.Unprocessable("idempotency-key-reused", "This Idempotency-Key was used for another request. Use a fresh one.", Header);
        }

        if (current.Status is not null)
        {
            return Decision.Nothing;
        }

        return current.At + InFlight > mine.At
            ? Refusal.Conflict("idempotency-key-in-flight", "The first request with this Idempotency-Key is still worked on.") with { RetryAfter = TimeSpan.FromSeconds(1) }
            : mine;
    }

    private static async Task RunAndKeep(HttpContext context, RequestDelegate next, Documents<StoredAnswer> answers, StoredAnswer mine)
    {
        var client = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        var isKept = false;
        try
        {
            await next(context);
            isKept = IsFinal(context.Response.StatusCode) && answer.Length <= MaxAnswer;
            if (isKept)
            {
                var response = context.Response;
                await answers.Change(
                    mine.Id,
                    _ => mine with
                    {
                        Status = response.StatusCode,
                        ContentType = response.ContentType,
                        Location = response.Headers.Location.FirstOrDefault(),
                        ETag = response.Headers.ETag.FirstOrDefault(),
                        Body = answer.ToArray(),
                    },
                    // What was done is done, whether or not the client still waits.
                    CancellationToken.None);
            }
        }
        finally
        {
            context.Response.Body = client;
            if (!isKept)
            {
                await answers.Change(mine.Id, current => current is null ? Decision.Nothing : Change.Delete<StoredAnswer>(), CancellationToken.None);
            }
        }

        if (answer.Length > 0)
        {
            context.Response.ContentLength = answer.Length;
            answer.Position = 0;
            await answer.CopyToAsync(client, context.RequestAborted);
        }
    }

    private static async Task Replay(HttpContext context, StoredAnswer known, int status)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = known.ContentType;
        response.Headers.Location = known.Location;
        response.Headers.ETag = known.ETag;
        response.Headers["Idempotency-Replayed"] = "true";
        Activity.Current?.SetTag("eventfly.idempotency.replayed", true);
        if (known.Body is { Length: > 0 } body)
        {
            response.ContentLength = body.Length;
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    /// <summary>What would come out otherwise another time (not signed in, too many, broken) is tried again and not kept.</summary>
    private static bool IsFinal(int status) => status is < 500 and not (401 or 403 or 408 or 429);

    private static async Task<string> Fingerprint(HttpContext context)
    {
        context.Request.EnableBuffering();
        var hash = await SHA256.HashDataAsync(context.Request.Body, context.RequestAborted);
        context.Request.Body.Position = 0;
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>Keys of different callers are different. Callers that have not signed in are told apart by what they send: nobody gets another's answer.</summary>
    private static string IdOf(HttpContext context, string key, string fingerprint)
    {
        var caller = CurrentUser.Of(context)?.Id.ToString() ?? fingerprint;
        var text = string.Create(CultureInfo.InvariantCulture, $"{caller}\n{context.Request.Method}\n{context.Request.Path}\n{key}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}

/// <summary>The answer to a request with an Idempotency-Key, or the mark that it is worked on.</summary>
/// <param name="Id">Hash of caller, method, path and key.</param>
/// <param name="Fingerprint">Hash of the request's body.</param>
/// <param name="At">When the work began.</param>
/// <param name="Until">When it is forgotten.</param>
/// <param name="Status">HTTP status; null while it is worked on.</param>
/// <param name="ContentType">As it was sent.</param>
/// <param name="Location">As it was sent.</param>
/// <param name="ETag">As it was sent.</param>
/// <param name="Body">As it was sent.</param>
public sealed record StoredAnswer(
    string Id,
    string Fingerprint,
    DateTimeOffset At,
    DateTimeOffset Until,
    int? Status = null,
    string? ContentType = null,
    string? Location = null,
    string? ETag = null,
    byte[]? Body = null);
