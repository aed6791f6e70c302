using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace EventFly.Bench.Running;

/// <summary>For what comes before and after the measured part: asks until it is answered.</summary>
internal sealed class Api(Uri target) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = target, Timeout = TimeSpan.FromSeconds(15) };

    public async Task<JsonElement> Call(HttpMethod method, string path, string? token, object? body, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Content = body is null ? null : JsonContent.Create(body);
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            using var response = await http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return text.Length > 0 ? JsonElement.Parse(text) : default;
            }

            if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
                || TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    public Task<JsonElement> Get(string path, string? token, CancellationToken cancellationToken) => Call(HttpMethod.Get, path, token, null, cancellationToken);

    public Task<JsonElement> Put(string path, string? token, object body, CancellationToken cancellationToken) => Call(HttpMethod.Put, path, token, body, cancellationToken);

    public Task<JsonElement> Post(string path, string? token, object? body, CancellationToken cancellationToken) => Call(HttpMethod.Post, path, token, body, cancellationToken);

    /// <summary>Asks until it is so; a refusal is "not yet".</summary>
    public static async Task Until(Func<Task<bool>> isSo, string what, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                if (await isSo())
                {
                    return;
                }
            }
            catch (InvalidOperationException) when (TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                // The news has not arrived.
            }

            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException($"Not in time: {what}");
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    public void Dispose() => http.Dispose();
}
