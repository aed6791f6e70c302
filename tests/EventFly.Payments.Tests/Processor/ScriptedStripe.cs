using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EventFly.Payments.Tests.Processor;

internal sealed record SeenRequest(string Method, string PathAndQuery, string? Key, string? Version, string? Authorization, string Body);

/// <summary>Says over real HTTP what the simulator never would; the last answer is repeated.</summary>
internal sealed class ScriptedStripe : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(int Status, string Body, string? RetryAfter, string? ShouldRetry)> answers = new();

    private ScriptedStripe(WebApplication app) => this.app = app;

    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    public Uri Address => new(app.Urls.First());

    public static async Task<ScriptedStripe> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var stripe = new ScriptedStripe(builder.Build());
        stripe.app.Run(stripe.Answer);
        await stripe.app.StartAsync();
        return stripe;
    }

    public ScriptedStripe Then(int status, string body = "{}", int? retryAfter = null, bool? shouldRetry = null)
    {
        answers.Enqueue((status, body, retryAfter?.ToString(CultureInfo.InvariantCulture), shouldRetry is null ? null : shouldRetry.Value ? "true" : "false"));
        return this;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task Answer(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        Seen.Enqueue(new SeenRequest(
            http.Request.Method, http.Request.Path + http.Request.QueryString, http.Request.Headers["Idempotency-Key"],
            http.Request.Headers["Stripe-Version"], http.Request.Headers.Authorization, await reader.ReadToEndAsync()));
        var answer = answers.Count > 1 && answers.TryDequeue(out var next) ? next : answers.First();
        http.Response.StatusCode = answer.Status;
        http.Response.Headers["Request-Id"] = "req_scripted";
        if (answer.RetryAfter is not null) http.Response.Headers.RetryAfter = answer.RetryAfter;
        if (answer.ShouldRetry is not null) http.Response.Headers["Stripe-Should-Retry"] = answer.ShouldRetry;
        await http.Response.WriteAsync(answer.Body);
    }
}
