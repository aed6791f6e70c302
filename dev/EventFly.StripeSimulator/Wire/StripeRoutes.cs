using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EventFly.StripeSimulator.Control;
using EventFly.StripeSimulator.Storage;

namespace EventFly.StripeSimulator.Wire;

internal delegate Answer Operation(StripeRequest request);

/// <summary>What Stripe does with every call: key, version, parameters, idempotency, request id, error shape; and our faults on demand.</summary>
internal sealed partial class StripeRoutes(
    IEndpointRouteBuilder routes, SimulatorOptions options, IdempotencyKeys keys, FaultSwitches switches,
    IHostApplicationLifetime lifetime)
{
    public const string PinnedVersion = "2026-06-24.dahlia";

    public void Get(string pattern, Operation operation, params string[] accepts) =>
        routes.MapGet(pattern, http => Run(http, operation, accepts, forBrowsers: false));

    public void Post(string pattern, Operation operation, params string[] accepts) =>
        routes.MapPost(pattern, http => Run(http, operation, accepts, forBrowsers: false));

    public void Delete(string pattern, Operation operation) =>
        routes.MapDelete(pattern, http => Run(http, operation, [], forBrowsers: false));

    /// <summary>Calls that Stripe's browser library makes with a publishable key.</summary>
    public void PostFromBrowsers(string pattern, Operation operation, params string[] accepts) =>
        routes.MapPost(pattern, http => Run(http, operation, accepts, forBrowsers: true));

    public void GetFromBrowsers(string pattern, Operation operation, params string[] accepts) =>
        routes.MapGet(pattern, http => Run(http, operation, accepts, forBrowsers: true));

    public void RefuseTheRest() => routes.Map("/v1/{**rest}", http => Write(http, new Answer(404, new ErrorBody(StripeError.Invalid(
        $"Unrecognized request URL ({http.Request.Method}: {http.Request.Path}). The simulator answers a part of Stripe's paths only.")))));

    private async Task Run(HttpContext http, Operation operation, string[] accepts, bool forBrowsers)
    {
        var requestId = Ids.New("req", 14);
        http.Response.Headers["Request-Id"] = requestId;
        var isPost = HttpMethods.IsPost(http.Request.Method);

        var key = ApiKey(http.Request);
        if (Refusal(key, forBrowsers) is { } refusal)
        {
            await Write(http, new Answer(401, new ErrorBody(refusal)));
            return;
        }

        var version = http.Request.Headers["Stripe-Version"].ToString();
        if (version.Length == 0) version = PinnedVersion;
        if (!VersionShape().IsMatch(version))
        {
            await Write(http, StripeError.Invalid($"Invalid Stripe API version: {version[..Math.Min(version.Length, 40)]}"));
            return;
        }

        http.Response.Headers["Stripe-Version"] = version;

        if (isPost && switches.TakeFailure())
        {
            await Write(http, new Answer(500, new ErrorBody(new StripeError
            {
                Type = "api_error",
                Message = "An unexpected error occurred (a switch of the simulator asks for it; nothing was done).",
            })));
            return;
        }

        var parameters = await Parameters.Read(http.Request, http.RequestAborted);
        parameters.RefuseUnknown(accepts);
        if (parameters.Problem is { } problem)
        {
            await Write(http, problem);
            return;
        }

        var idempotencyKey = isPost ? http.Request.Headers["Idempotency-Key"].ToString() : "";
        var request = new StripeRequest(
            http.Request.RouteValues["id"] as string ?? "", requestId, idempotencyKey.Length == 0 ? null : idempotencyKey, version,
            IsPublishable(key), options.PublicUrl ?? new Uri($"{http.Request.Scheme}://{http.Request.Host}/"), parameters);

        var answer = idempotencyKey.Length == 0
            ? await Work(operation, request)
            : await Once(http, request, idempotencyKey, key, operation);

        if (isPost && switches.TakeLostAnswer())
        {
            http.Abort();
            return;
        }

        await Write(http, answer);
    }

    /// <summary>A caller who goes away does not stop the work, as it would not at Stripe.</summary>
    private async ValueTask<Answer> Work(Operation operation, StripeRequest request)
    {
        if (switches.Current.LatencyMs is > 0 and var latency) await Task.Delay(latency, lifetime.ApplicationStopping);
        return operation(request);
    }

    private async ValueTask<Answer> Once(HttpContext http, StripeRequest request, string idempotencyKey, string key, Operation operation)
    {
        if (idempotencyKey.Length > 255)
        {
            return StripeError.Invalid("Idempotency keys must be 255 characters or less.");
        }

        var fingerprint = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
            $"{http.Request.Path}\n{request.Parameters.Fingerprint()}")));

        switch (keys.Begin($"{key}\n{idempotencyKey}", fingerprint, request.RequestId, out var use))
        {
            case KeyUse.Replay:
                http.Response.Headers["Idempotent-Replayed"] = "true";
                http.Response.Headers["Original-Request"] = use.RequestId;
                http.Response.Headers["Idempotency-Key"] = idempotencyKey;
                return use.Answer!;

            case KeyUse.OtherParameters:
                return new Answer(400, new ErrorBody(new StripeError
                {
                    Type = "idempotency_error",
                    Message = "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                        + $"Try using a key other than '{idempotencyKey}' if you meant to execute a different request.",
                }));

            case KeyUse.InUse:
                return new Answer(409, new ErrorBody(new StripeError
                {
                    Type = "idempotency_error",
                    Code = "idempotency_key_in_use",
                    Message = "There is currently another in-progress request using this Stripe account and this idempotency key.",
                }));

            default:
                http.Response.Headers["Original-Request"] = request.RequestId;
                http.Response.Headers["Idempotency-Key"] = idempotencyKey;
                Answer? answer = null;
                try
                {
                    return answer = await Work(operation, request);
                }
                finally
                {
                    keys.End(use, answer);
                }
        }
    }

    private static Task Write(HttpContext http, Answer answer)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(answer.Body, answer.Body.GetType(), StripeJson.Default);
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }

    private StripeError? Refusal(string key, bool forBrowsers)
    {
        if (key.Length == 0)
        {
            return StripeError.Invalid("You did not provide an API key. You need to provide your API key in the Authorization header, "
                + "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').");
        }

        if (forBrowsers && key.StartsWith("pk_test_", StringComparison.Ordinal)) return null;
        var isKnown = options.SecretKey is { Length: > 0 } only
            ? CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(only))
            : key.StartsWith("sk_test_", StringComparison.Ordinal) || key.StartsWith("rk_test_", StringComparison.Ordinal);

        return isKnown ? null : StripeError.Invalid($"Invalid API Key provided: {key[..Math.Min(8, key.Length)]}********");
    }

    private static bool IsPublishable(string key) => key.StartsWith("pk_", StringComparison.Ordinal);

    private static string ApiKey(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return header[7..].Trim();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return "";

        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[6..].Trim(), bytes, out var length)) return "not base64";
        return Encoding.UTF8.GetString(bytes, 0, length).Split(':')[0];
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$")]
    private static partial Regex VersionShape();
}
