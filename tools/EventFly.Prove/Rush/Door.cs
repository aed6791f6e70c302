using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using EventFly.Prove.Plan;

namespace EventFly.Prove.Rush;

/// <summary>What a request was answered.</summary>
/// <param name="Status">0: nothing, however often it was sent.</param>
/// <param name="Code">The refusal's, or the problem's.</param>
internal sealed record Answer(int Status, string? Code, JsonElement Body, string Said)
{
    public bool IsYes => Status is >= 200 and < 300;
}

/// <summary>
/// The way in that every client has: the gateway. A request is sent again, with the same ids, while the answer is lost or says "not now"; so it may
/// be done several times, and must count once.
/// </summary>
internal sealed class Door(HttpClient http, int atOnce) : IDisposable
{
    private static readonly TimeSpan AnswerTakesAtMost = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(75);

    private readonly SemaphoreSlim places = new(atOnce);
    private long requests;
    private long again;

    public long Requests => Interlocked.Read(ref requests);

    public long SentAgain => Interlocked.Read(ref again);

    public async Task<Answer> Send(
        HttpMethod method, string path, string? token, object? body, Manner manner, TimeSpan impatience, CancellationToken cancellationToken)
    {
        if (manner is not Manner.Twice) return await Send(method, path, token, body, manner is Manner.Impatient ? impatience : null, cancellationToken);

        var both = await Task.WhenAll(
            Send(method, path, token, body, (TimeSpan?)null, cancellationToken), Send(method, path, token, body, (TimeSpan?)null, cancellationToken));
        return both[0].IsYes ? both[0] : both[1];
    }

    public Task<Answer> Send(HttpMethod method, string path, string? token, object? body, CancellationToken cancellationToken) =>
        Send(method, path, token, body, (TimeSpan?)null, cancellationToken);

    public void Dispose() => places.Dispose();

    private async Task<Answer> Send(HttpMethod method, string path, string? token, object? body, TimeSpan? impatience, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        Answer last;
        var pause = 50;
        do
        {
            last = await Try(method, path, token, body, impatience ?? AnswerTakesAtMost, cancellationToken);
            if (last.Status is not (0 or 408 or 429 or 502 or 503 or 504)) return last;

            impatience = null;
            Interlocked.Increment(ref again);
            await Task.Delay(Random.Shared.Next(pause, 2 * pause), cancellationToken);
            pause = Math.Min(1_000, 2 * pause);
        }
        while (Stopwatch.GetElapsedTime(began) < Patience);

        return last with { Status = 0 };
    }

    private async Task<Answer> Try(HttpMethod method, string path, string? token, object? body, TimeSpan atMost, CancellationToken cancellationToken)
    {
        await places.WaitAsync(cancellationToken);
        try
        {
            Interlocked.Increment(ref requests);
            using var request = new HttpRequestMessage(method, path);
            request.Content = body is null ? null : JsonContent.Create(body);
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(atMost);
            using var response = await http.SendAsync(request, limit.Token);
            return Read(response.StatusCode, await response.Content.ReadAsStringAsync(limit.Token));
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException || (lost is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new Answer(0, null, default, lost.Message);
        }
        finally
        {
            places.Release();
        }
    }

    private static Answer Read(HttpStatusCode status, string text)
    {
        try
        {
            var body = text.Length == 0 ? default : JsonElement.Parse(text);
            var code = (int)status >= 400 && body.ValueKind is JsonValueKind.Object && body.TryGetProperty("code", out var said) ? said.GetString() : null;
            return new Answer((int)status, code, body, text);
        }
        catch (JsonException)
        {
            return new Answer((int)status, null, default, text);
        }
    }
}
