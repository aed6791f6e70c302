using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;

namespace EventFly.Payments.Processor;

/// <summary>One of the two is there: what was asked for, or why Stripe does not give it.</summary>
internal readonly record struct StripeAnswer<T>(T? Value, StripeError? Error, int Status, string? RequestId)
    where T : class;

/// <summary>
/// Calls Stripe. A call that may be repeated without harm (a GET, or a POST with its idempotency key) is repeated a few times when the
/// network, Stripe's limits or Stripe itself gave way, always with the same key.
/// </summary>
internal sealed partial class StripeConnection(
    IHttpClientFactory clients, IOptions<StripeOptions> options, ILogger<StripeConnection> logger)
{
    public const string ClientName = "stripe";

    /// <summary>The version that our reading was written against. Raise it together with the fixtures in the tests.</summary>
    public const string ApiVersion = "2026-06-24.dahlia";

    public const int LongestAnswer = 8 * 1024 * 1024;

    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(4);

    // Its handler lives as long as this, and changes its connections by itself.
    private readonly HttpClient client = clients.CreateClient(ClientName);

    private static readonly ActivitySource Activities = new("EventFly.Payments");

    public Task<StripeAnswer<T>> Get<T>(
        string operation, string path, JsonTypeInfo<T> shape, CancellationToken cancellationToken)
        where T : class => Send(operation, HttpMethod.Get, path, null, null, shape, cancellationToken);

    public Task<StripeAnswer<T>> Post<T>(
        string operation, string path, IReadOnlyCollection<KeyValuePair<string, string>> form, string attempt, JsonTypeInfo<T> shape,
        CancellationToken cancellationToken)
        where T : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(attempt);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(attempt.Length, 255, nameof(attempt));
        return Send(operation, HttpMethod.Post, path, form, attempt, shape, cancellationToken);
    }

    private async Task<StripeAnswer<T>> Send<T>(
        string operation, HttpMethod method, string path, IReadOnlyCollection<KeyValuePair<string, string>>? form, string? attempt,
        JsonTypeInfo<T> shape, CancellationToken cancellationToken)
        where T : class
    {
        using var activity = Activities.StartActivity($"stripe {operation}", ActivityKind.Client);
        activity?.SetTag("eventfly.payment.processor", "stripe");
        try
        {
            for (var tries = 1; ; tries++)
            {
                activity?.SetTag("stripe.tries", tries);
                var (answer, giveWay) = await Try(method, path, form, attempt, shape, activity, cancellationToken);
                if (giveWay is null)
                {
                    activity?.SetTag("error.type", answer.Error?.Code ?? answer.Error?.Type);
                    return answer;
                }

                if (tries >= options.Value.MaxTries || giveWay.MustNotRepeat || giveWay.RetryAfter > LongestRetryDelay)
                {
                    throw new PaymentProcessorUnavailableException(
                        $"Stripe did not {operation}: {giveWay.Reason}", giveWay.RetryAfter, giveWay.RequestId, giveWay.Exception);
                }

                var delay = Delay(tries, giveWay.RetryAfter);
                Repeating(logger, operation, giveWay.Reason, tries, delay.TotalMilliseconds);
                await Task.Delay(delay, cancellationToken);
            }
        }
        catch (PaymentProcessorException exception)
        {
            activity?.SetTag("error.type", exception.GetType().Name);
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
    }

    private sealed record GiveWay(string Reason, TimeSpan? RetryAfter, string? RequestId, bool MustNotRepeat, Exception? Exception);

    private async Task<(StripeAnswer<T> Answer, GiveWay? GiveWay)> Try<T>(
        HttpMethod method, string path, IReadOnlyCollection<KeyValuePair<string, string>>? form, string? attempt, JsonTypeInfo<T> shape,
        Activity? activity, CancellationToken cancellationToken)
        where T : class
    {
        using var request = new HttpRequestMessage(method, new Uri(options.Value.ApiBase, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Value.SecretKey);
        request.Headers.Add("Stripe-Version", ApiVersion);
        if (attempt is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", attempt);
        if (form is not null) request.Content = new FormUrlEncodedContent(form);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(options.Value.TryTimeout);
        int status;
        byte[] body;
        HttpResponseHeaders headers;
        try
        {
            using var response = await client.SendAsync(request, stop.Token);
            status = (int)response.StatusCode;
            headers = response.Headers;
            body = await response.Content.ReadAsByteArrayAsync(stop.Token);
        }
        catch (HttpRequestException exception)
        {
            return (default, new GiveWay($"the connection failed ({exception.HttpRequestError})", null, null, false, exception));
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return (default, new GiveWay($"no answer within {options.Value.TryTimeout}", null, null, false, exception));
        }

        var requestId = Header(headers, "Request-Id");
        activity?.SetTag("stripe.request_id", requestId);
        activity?.SetTag("http.response.status_code", status);

        if (status is >= 500 or (int)HttpStatusCode.TooManyRequests or (int)HttpStatusCode.Conflict)
        {
            var mustNotRepeat = Header(headers, "Stripe-Should-Retry") is "false";
            return (default, new GiveWay($"status {status}", RetryAfter(headers), requestId, mustNotRepeat, null));
        }

        try
        {
            if (status is 200) return (new(JsonSerializer.Deserialize(body, shape) ?? throw new JsonException("null"), null, status, requestId), null);

            var error = JsonSerializer.Deserialize(body, StripeWire.Default.StripeErrorBody)?.Error ?? throw new JsonException("null");
            if (status is 401 or 403 || error.Type is "idempotency_error" or "authentication_error")
            {
                // Stripe's own sentence for a wrong key quotes a part of it, so it stays out.
                var why = error.Type is "idempotency_error" ? "this idempotency key was used for another request" : "it does not let our key in";
                throw new PaymentProcessorException($"Stripe refuses with status {status}: {why}", requestId);
            }

            return (new(null, error, status, requestId), null);
        }
        catch (JsonException exception)
        {
            throw new PaymentProcessorException($"Stripe's answer with status {status} cannot be read: {exception.Message}", requestId, exception);
        }
    }

    private TimeSpan Delay(int tries, TimeSpan? retryAfter)
    {
        if (retryAfter is { } asked) return asked;
        var most = Math.Min(LongestRetryDelay.TotalMilliseconds, options.Value.FirstRetryDelay.TotalMilliseconds * Math.Pow(2, tries - 1));
        return TimeSpan.FromMilliseconds(most * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    private static TimeSpan? RetryAfter(HttpResponseHeaders headers) =>
        int.TryParse(Header(headers, "Retry-After"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static string? Header(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Stripe did not {Operation} ({Reason}) at try {Try}; the same again in {DelayMs} ms")]
    private static partial void Repeating(ILogger logger, string operation, string reason, int @try, double delayMs);
}
