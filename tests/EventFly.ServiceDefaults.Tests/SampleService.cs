using System.ComponentModel.DataAnnotations;
using System.Net.Http.Headers;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventFly.ServiceDefaults.Tests;

public sealed record OrderLine([Required, MaxLength(20)] string Name, [Range(1, 10)] int Quantity);

public sealed record OrderRequest([Range(1, 10)] int Quantity, [MaxLength(20)] string Name, string? Note, IReadOnlyList<OrderLine>? Lines = null);

/// <summary>A small service on the defaults, on a real port.</summary>
public sealed class SampleService : IAsyncDisposable
{
    private readonly WebApplication app;

    private SampleService(WebApplication app, TestTokens tokens, FakeClock clock)
    {
        (this.app, Tokens, Clock) = (app, tokens, clock);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public TestTokens Tokens { get; }

    public FakeClock Clock { get; }

    public IServiceProvider Services => app.Services;

    public static async Task<SampleService> Start(
        Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null, params (string Name, string? Value)[] settings)
    {
        var clock = new FakeClock();
        var tokens = new TestTokens(clock);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration["Auth:Jwks"] = tokens.Jwks;
        foreach (var (name, value) in settings)
        {
            builder.Configuration[name] = value;
        }

        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.AddServiceDefaults("sample");
        builder.Services.AddValidation();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapDefaultEndpoints();
        Map(app);
        map?.Invoke(app);
        await app.StartAsync();
        return new SampleService(app, tokens, clock);
    }

    public HttpClient ClientWith(string token)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public Task Stop() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        Tokens.Dispose();
    }

    private static void Map(WebApplication app)
    {
        var sample = app.MapGroup("/api/sample");
        sample.MapPost("/orders", (OrderRequest request) => TypedResults.Ok(request)).AllowAnonymous();
        sample.MapGet("/orders", ([AsParameters] PageQuery page) => TypedResults.Ok(page.Size)).AllowAnonymous();
        sample.MapGet("/orders/{id:guid}", (Guid id, int version) => TypedResults.Ok(new { id, version })).AllowAnonymous();
        sample.MapPut("/things/{id}", (string id, IfMatch ifMatch, HttpResponse response) =>
        {
            response.SetETag(4);
            return ifMatch.Refuse(3) is { } refusal ? (IResult)refusal.ToProblem() : TypedResults.Ok();
        }).AllowAnonymous();
        sample.MapGet("/me", (CurrentUser user) => TypedResults.Ok(user)).RequireSignIn();
        sample.MapGet("/who", (CurrentUser? user) => TypedResults.Ok(new { user?.Id })).AllowAnonymous();
        sample.MapGet("/tickets", () => TypedResults.Ok()).RequireParticipant();
        sample.MapGet("/portal", () => TypedResults.Ok()).RequireOrganizer();
        sample.MapPost("/edits", () => TypedResults.Ok()).RequirePermission("event.edit");
        sample.MapPost("/events/{eventId:guid}/edits", () => TypedResults.Ok()).RequirePermission(Permissions.EventEdit);
        sample.MapGet("/any", () => TypedResults.Ok()).RequireSignIn();
        sample.MapPost("/fragile", (OrderRequest request) => request.Name.Length == 0 ? throw new InvalidOperationException("fragile") : TypedResults.Ok())
            .AllowAnonymous();
        sample.MapGet("/broken", string () => throw new InvalidOperationException("the inside")).AllowAnonymous();
        sample.MapGet("/storage", string () => throw new StorageUnavailableException("no disk")).AllowAnonymous();
        sample.MapGet("/refused", () => Refusal.Conflict("sold-out", "No ticket is left.").ToProblem()).AllowAnonymous();
        sample.MapGet("/later", () => Refusal.Unavailable("contended", "Too many at once.", TimeSpan.FromSeconds(1.2)).ToProblem()).AllowAnonymous();
        sample.MapGet("/slow", async (CancellationToken cancellationToken) => await Task.Delay(Timeout.Infinite, cancellationToken)).AllowAnonymous().ExcludeFromDescription();
    }
}
