using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace EventFly.Demo;

/// <summary>The public paths of the running system, as any client of it would call them.</summary>
internal sealed class Gateway(Uri address) : IDisposable
{
    private const int Tries = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        BaseAddress = address, Timeout = TimeSpan.FromSeconds(20), MaxResponseContentBufferSize = 4 * 1024 * 1024,
    };

    private string lastRequest = "";

    /// <summary>Calls and expects success.</summary>
    /// <exception cref="StepFailedException">Another answer.</exception>
    public async Task<JsonElement> Call(HttpMethod method, string path, Person? by, object? body, CancellationToken cancellationToken, string? ifMatch = null)
    {
        var (status, answer) = await Ask(method, path, by, body, cancellationToken, ifMatch);
        return (int)status < 300 ? answer : throw Refused(status, answer);
    }

    /// <summary>Calls and expects this refusal.</summary>
    /// <exception cref="StepFailedException">Another answer.</exception>
    public async Task<JsonElement> Refused(
        HttpMethod method, string path, Person? by, object? body, HttpStatusCode expected, string code, CancellationToken cancellationToken)
    {
        var (status, answer) = await Ask(method, path, by, body, cancellationToken);
        return status == expected && answer.Text("code") == code
            ? answer
            : throw new StepFailedException($"expected {(int)expected} {code}, got {Describe(status, answer)}", lastRequest);
    }

    /// <summary>Fetches a file.</summary>
    /// <exception cref="StepFailedException">It is not there, or of another type.</exception>
    public async Task<byte[]> Download(string path, Person by, string type, CancellationToken cancellationToken)
    {
        using var response = await Send(HttpMethod.Get, path, by, null, null, cancellationToken);
        if (response.StatusCode is not HttpStatusCode.OK)
        {
            throw Refused(response.StatusCode, await Read(response, cancellationToken));
        }

        return response.Content.Headers.ContentType?.MediaType == type
            ? await response.Content.ReadAsByteArrayAsync(cancellationToken)
            : throw new StepFailedException($"expected {type}, got {response.Content.Headers.ContentType}", lastRequest);
    }

    /// <summary>Asks again until the answer is what is waited for; for a bounded time.</summary>
    /// <param name="what">What is waited for, in words.</param>
    /// <param name="ask">Null while it has not happened.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="why">What is known of the reason, when time is up.</param>
    /// <exception cref="StepFailedException">It did not happen in time.</exception>
    public async Task<T> Until<T>(string what, Func<Task<T?>> ask, CancellationToken cancellationToken, Func<string?>? why = null)
        where T : struct
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (true)
            {
                if (await ask() is { } found)
                {
                    return found;
                }

                await pause.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var reason = why?.Invoke() is { } known ? $": {known}" : "";
            throw new StepFailedException($"waited {Patience.TotalSeconds:0} s, in vain, until {what}{reason}", lastRequest);
        }
    }

    /// <summary>Says yes on the page to which a buyer is sent for 3-D Secure. False when that page cannot be reached from here.</summary>
    public async Task<bool> Authenticate(Uri page, CancellationToken cancellationToken)
    {
        // The stand-in's page; a real bank's is for people.
        if (!page.AbsolutePath.StartsWith("/_simulator/three-d-secure/", StringComparison.Ordinal))
        {
            return false;
        }

        lastRequest = $"POST {page.GetLeftPart(UriPartial.Path)}/complete";
        try
        {
            using var response = await client.PostAsync(new UriBuilder(page) { Path = $"{page.AbsolutePath}/complete" }.Uri, null, cancellationToken);
            return (int)response.StatusCode < 400 ? true : throw new StepFailedException($"the 3-D Secure page answered {(int)response.StatusCode}", lastRequest);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<(HttpStatusCode Status, JsonElement Answer)> Ask(
        HttpMethod method, string path, Person? by, object? body, CancellationToken cancellationToken, string? ifMatch = null)
    {
        using var response = await Send(method, path, by, body, ifMatch, cancellationToken);
        return (response.StatusCode, await Read(response, cancellationToken));
    }

    /// <summary>Does what a good client does: waits as told when the system is busy, then tries again. Every request here may be repeated.</summary>
    private async Task<HttpResponseMessage> Send(
        HttpMethod method, string path, Person? by, object? body, string? ifMatch, CancellationToken cancellationToken)
    {
        lastRequest = $"{method} {path}";
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Content = body is null ? null : JsonContent.Create(body);
            request.Headers.Authorization = by is null ? null : new AuthenticationHeaderValue("Bearer", by.AccessToken);
            if (ifMatch is not null)
            {
                request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
            }

            HttpResponseMessage response;
            try
            {
                response = await client.SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException failure) when (failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
            {
                throw new UnreachableException(address);
            }
            catch (HttpRequestException failure)
            {
                throw new StepFailedException(failure.Message, lastRequest);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new StepFailedException($"no answer within {client.Timeout.TotalSeconds:0} s", lastRequest);
            }

            if (attempt == Tries || response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
            {
                return response;
            }

            var pause = response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1);
            response.Dispose();
            await Task.Delay(pause < LongestPause ? pause : LongestPause, cancellationToken);
        }
    }

    private static async Task<JsonElement> Read(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            return text.Length == 0 ? default : JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            // Not JSON is an answer too; it is shown as it is.
            return JsonSerializer.SerializeToElement(new { detail = text.Length > 200 ? text[..200] : text });
        }
    }

    private StepFailedException Refused(HttpStatusCode status, JsonElement answer) => new(Describe(status, answer), lastRequest);

    private static string Describe(HttpStatusCode status, JsonElement answer)
    {
        string?[] words = answer.Text("code") is { } code
            ? [code, answer.Text("detail") ?? answer.Text("title"), answer.Text("errors"), Trace(answer)]
            : [answer.ToString() is { Length: > 400 } much ? much[..400] : answer.ToString()];
        return $"{(int)status} {string.Join(", ", words.Where(word => word is not null))}";
    }

    private static string? Trace(JsonElement answer) => answer.Text("traceId") is { } id ? $"trace {id}" : null;
}

/// <summary>Reading answers whose shape is only known by name.</summary>
internal static class Answers
{
    /// <summary>A member as text; null when it is not there.</summary>
    public static string? Text(this JsonElement answer, string name) =>
        answer.ValueKind is JsonValueKind.Object && answer.TryGetProperty(name, out var member) && member.ValueKind is not JsonValueKind.Null ? member.ToString() : null;

    /// <summary>A member that must be there.</summary>
    /// <exception cref="StepFailedException">It is not.</exception>
    public static JsonElement Get(this JsonElement answer, string name) =>
        answer.ValueKind is JsonValueKind.Object && answer.TryGetProperty(name, out var member)
            ? member
            : throw new StepFailedException($"the answer has no {name}: {answer}");

    /// <summary>A list that must be there.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement answer, string name) => answer.Get(name).EnumerateArray();

    /// <summary>Throws unless it is as it must be.</summary>
    public static void Must(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new StepFailedException(otherwise);
        }
    }
}
