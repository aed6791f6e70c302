using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventFly.StripeSimulator.Wire;
using Microsoft.Extensions.Options;

namespace EventFly.StripeSimulator.Webhooks;

internal sealed partial class SendWebhooks(
    WebhookQueue queue, WebhookLog log, IHttpClientFactory clients, IOptions<WebhookOptions> options, TimeProvider clock,
    ILogger<SendWebhooks> logger)
    : BackgroundService
{
    public const string ClientName = "webhooks";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.Senders).Select(_ => SendAll(stoppingToken)));

    private async Task SendAll(CancellationToken stoppingToken)
    {
        await foreach (var delivery in queue.Due.ReadAllAsync(stoppingToken))
        {
            var outcome = delivery is { IsDropped: true, Attempt: 1 } ? "dropped by the switch" : await Send(delivery, stoppingToken);
            log.Tried(delivery, outcome, clock.GetUtcNow());
            if (delivery.Follower is { } follower) queue.Enqueue(follower);
            if (outcome is null) continue;
            if (delivery.Attempt >= options.Value.Attempts)
            {
                log.GaveUp();
                GaveUp(logger, delivery.Event.Type, delivery.Event.Id, delivery.Attempt, outcome);
                continue;
            }

            queue.EnqueueLater(delivery with { Attempt = delivery.Attempt + 1, Follower = null }, BackOff(delivery.Attempt));
        }
    }

    /// <returns>Null when the receiver took it, else what went wrong.</returns>
    private async Task<string?> Send(Delivery delivery, CancellationToken stoppingToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(delivery.Event, StripeJson.Default.StripeEvent);
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Endpoint.Url) { Content = content };
        request.Headers.TryAddWithoutValidation(
            "Stripe-Signature", Signature(body, delivery.Endpoint.SigningSecret, clock.GetUtcNow().ToUnixTimeSeconds()));
        request.Headers.TryAddWithoutValidation("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)");

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        timeout.CancelAfter(options.Value.TimeoutMs);
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            return response.IsSuccessStatusCode ? null : ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        }
        catch (HttpRequestException exception)
        {
            return exception.HttpRequestError.ToString();
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            return "timed out";
        }
    }

    public static string Signature(ReadOnlySpan<byte> body, string secret, long at)
    {
        var prefix = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{at}."));
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(prefix);
        hmac.AppendData(body);
        return string.Create(CultureInfo.InvariantCulture, $"t={at},v1={Convert.ToHexStringLower(hmac.GetHashAndReset())}");
    }

    private TimeSpan BackOff(int attempt) => TimeSpan.FromMilliseconds(
        Math.Min(options.Value.LongestRetryMs, options.Value.FirstRetryMs * Math.Pow(2, attempt - 1)));

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Type} {Id} was not taken after {Attempts} attempts: {Outcome}")]
    private static partial void GaveUp(ILogger logger, string type, string id, int attempts, string outcome);
}
