using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EventFly.Gateway.Tests;

/// <summary>A service behind the gateway that writes down what reached it.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication app;

    private Backend(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    public ConcurrentQueue<Seen> Requests { get; } = new();

    public string Health { get; set; } = "healthy";

    /// <summary>What API keys are exchanged for; others are wrong.</summary>
    public ConcurrentDictionary<string, string> ApiKeys { get; } = new();

    /// <summary>The API keys that were asked about, in order.</summary>
    public ConcurrentQueue<string> Exchanges { get; } = new();

    /// <summary>The exchange answers when this is done.</summary>
    public Task Exchanging { get; set; } = Task.CompletedTask;

    public static async Task<Backend> Start(string name, string url = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls(url);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var backend = new Backend(app);
        app.MapGet("/health", () => backend.Health == "unhealthy" ? Results.StatusCode(503) : Results.Json(new { status = backend.Health }));
        app.MapGet("/alive", () => Results.Ok());
        app.MapGet("/metrics", () => "secret_metric 1");
        app.MapGet("/openapi/v1.json", () => Results.Json(Description(name)));
        app.MapPost($"/api/{name}/internal/api-keys/exchange", async (HttpContext context) =>
        {
            var key = (await context.Request.ReadFromJsonAsync<Dictionary<string, string>>())!["key"];
            backend.Exchanges.Enqueue(key);
            await backend.Exchanging.WaitAsync(context.RequestAborted);
            return backend.ApiKeys.TryGetValue(key, out var token) ? Results.Json(new { accessToken = token, expiresIn = 60 }) : Results.StatusCode(401);
        });
        app.MapFallback(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            backend.Requests.Enqueue(new Seen(
                context.Request.Method,
                context.Request.Path + context.Request.QueryString,
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray()));
            if (context.Request.Path.Value!.EndsWith("/slow", StringComparison.Ordinal))
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }

            if (context.Request.Path.Value!.EndsWith("/later", StringComparison.Ordinal))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), context.RequestAborted);
            }

            if (context.Request.Path.Value!.EndsWith("/broken", StringComparison.Ordinal))
            {
                context.Abort();
                return;
            }

            if (context.Request.Path.Value!.EndsWith("/public", StringComparison.Ordinal))
            {
                context.Response.Headers.CacheControl = "public, max-age=60";
            }

            await context.Response.WriteAsync($"{name} heard it");
        });
        await app.StartAsync();
        return backend;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static Dictionary<string, object> Description(string name) => new()
    {
        ["openapi"] = "3.1.1",
        ["paths"] = new Dictionary<string, object>
        {
            [$"/api/{name}/things"] = new
            {
                post = new
                {
                    requestBody = new { content = new Dictionary<string, object> { ["application/json"] = new { schema = new Dictionary<string, object> { ["$ref"] = "#/components/schemas/Request" } } } },
                },
            },
            [$"/api/{name}/internal/secrets"] = new { get = new { } },
            ["/metrics"] = new { get = new { } },
        },
        ["components"] = new { schemas = new Dictionary<string, object> { ["Request"] = new { type = "object", properties = new { name = new { type = "string" } } } } },
    };

    internal sealed record Seen(string Method, string Path, Dictionary<string, string> Headers, byte[] Body);
}
