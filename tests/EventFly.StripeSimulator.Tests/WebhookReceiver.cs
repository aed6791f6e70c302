using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EventFly.StripeSimulator.Tests;

internal sealed record ReceivedWebhook(string Signature, string Raw)
{
    public JsonElement Event { get; } = JsonDocument.Parse(Raw).RootElement;

    public string Id => Event.GetProperty("id").GetString()!;

    public string Type => Event.GetProperty("type").GetString()!;

    public string Subject => Event.GetProperty("data").GetProperty("object").GetProperty("id").GetString()!;
}

/// <summary>Takes webhooks on a free port, and refuses the first few if told to.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private int refusals;

    private WebhookReceiver(WebApplication app) => this.app = app;

    public ConcurrentQueue<ReceivedWebhook> Received { get; } = new();

    public Uri Address => new(new Uri(app.Urls.First()), "/hook");

    public static async Task<WebhookReceiver> Start(int refuseFirst = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build()) { refusals = refuseFirst };
        receiver.app.MapPost("/hook", receiver.Take);
        await receiver.app.StartAsync();
        return receiver;
    }

    public async Task<ReceivedWebhook[]> Wait(int count)
    {
        for (var patience = 0; Received.Count < count; patience++)
        {
            if (patience > 2_000) throw new TimeoutException($"{Received.Count} of {count} webhooks came: {string.Join(", ", Received.Select(r => r.Type))}");
            await Task.Delay(10);
        }

        return [.. Received];
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> Take(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var webhook = new ReceivedWebhook(request.Headers["Stripe-Signature"].ToString(), await reader.ReadToEndAsync());
        Received.Enqueue(webhook);
        return Interlocked.Decrement(ref refusals) >= 0 ? Results.StatusCode(500) : Results.Ok();
    }
}
