using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EventFly.ServiceDefaults.Tests;

/// <summary>Takes OTLP over HTTP and keeps the bytes as text: protobuf leaves strings readable.</summary>
internal sealed class OtlpListener : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Path, string Text, string Headers)> received = new();

    private OtlpListener()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.MapPost("/v1/{signal}", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.Enqueue((context.Request.Path, Encoding.UTF8.GetString(body.ToArray()), context.Request.Headers["x-otlp-api-key"].ToString()));
        });
    }

    public string Address => app.Urls.First();

    public string Traces => Of("/v1/traces");

    public string Metrics => Of("/v1/metrics");

    public string Logs => Of("/v1/logs");

    public IReadOnlyList<string> Keys => [.. received.Select(message => message.Headers).Distinct()];

    public static async Task<OtlpListener> Start()
    {
        var listener = new OtlpListener();
        await listener.app.StartAsync();
        return listener;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private string Of(string path) => string.Concat(received.Where(message => message.Path == path).Select(message => message.Text));
}
