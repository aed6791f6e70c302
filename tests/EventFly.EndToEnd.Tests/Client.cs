using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace EventFly.EndToEnd.Tests;

/// <summary>A client that repeats a request until it is answered, as every request of ours may be.</summary>
internal sealed class Client(HttpClient http)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public async Task<JsonElement> Call(HttpMethod method, string path, string? token = null, object? body = null)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            string said;
            try
            {
                using var request = new HttpRequestMessage(method, path);
                request.Content = body is null ? null : JsonContent.Create(body);
                request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
                using var response = await http.SendAsync(request, limit.Token);
                said = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(limit.Token)}";
                if (response.IsSuccessStatusCode)
                {
                    return said.Length > 4 ? JsonElement.Parse(said[4..]) : default;
                }

                // An answer that says no is an answer; only an answer that says "not now" is asked again.
                if (response.StatusCode is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout))
                {
                    throw new InvalidOperationException($"{method} {path}: {said}");
                }
            }
            catch (Exception cut) when (cut is HttpRequestException or OperationCanceledException)
            {
                said = cut.Message;
            }

            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException($"{method} {path}: not answered within {Patience.TotalSeconds} s, last: {said}");
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Asks until the answer is what is waited for.</summary>
    public async Task<JsonElement> Until(string path, string? token, Func<JsonElement, bool> isSo, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await Call(HttpMethod.Get, path, token);
            if (isSo(answer))
            {
                return answer;
            }

            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException($"{what}: not within {Patience.TotalSeconds} s; {path} says {answer}");
            }

            await Task.Delay(100);
        }
    }
}
