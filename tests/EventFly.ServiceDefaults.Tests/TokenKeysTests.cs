using System.Net;
using EventFly.ServiceDefaults.Tokens;
using EventFly.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EventFly.ServiceDefaults.Tests;

public sealed class TokenKeysTests : IAsyncLifetime
{
    private readonly Uri me = new("/api/sample/me", UriKind.Relative);

    private WebApplication auth = null!;
    private SampleService service = null!;
    private string? jwks;
    private TaskCompletionSource hold = Done();
    private int asked;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        auth = builder.Build();
        auth.MapGet("/.well-known/jwks.json", async () =>
        {
            Interlocked.Increment(ref asked);
            await hold.Task;
            return jwks is null ? Results.StatusCode(500) : Results.Content(jwks, "application/json");
        });
        await auth.StartAsync();
        service = await SampleService.Start(settings: [("Auth:Jwks", ""), ("services:auth:http:0", auth.Urls.First())]);
        jwks = service.Tokens.Jwks;
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        await auth.DisposeAsync();
    }

    [Fact]
    public async Task Auths_keys_are_fetched_once()
    {
        Assert.Equal(HttpStatusCode.OK, await Call(service.Tokens));
        Assert.Equal(HttpStatusCode.OK, await Call(service.Tokens));

        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_new_key_is_fetched_when_its_first_token_comes_and_the_old_one_stays_good_beside_it()
    {
        using var next = new TestTokens(service.Clock, "next-key");
        Assert.Equal(HttpStatusCode.OK, await Call(service.Tokens));

        jwks = TestTokens.JwksOf(service.Tokens, next);
        service.Clock.Advance(TokenKeys.MinInterval + TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.OK, await Call(next));
        Assert.Equal(HttpStatusCode.OK, await Call(service.Tokens));
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task A_flood_of_unknown_keys_does_not_become_a_flood_on_auth()
    {
        Assert.Equal(HttpStatusCode.OK, await Call(service.Tokens));
        for (var key = 0; key < 20; key++)
        {
            using var stranger = new TestTokens(service.Clock, $"stranger-{key}");
            Assert.Equal(HttpStatusCode.Unauthorized, await Call(stranger));
        }

        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task While_auth_is_away_the_last_good_keys_stay_in_use()
    {
        Assert.Equal(HttpStatusCode.OK, await Call(service.Tokens));

        jwks = null;
        service.Clock.Advance(TokenKeys.MaxAge + TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.OK, await Call(service.Tokens));
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task Keys_that_auth_withdraws_are_refused()
    {
        using var next = new TestTokens(service.Clock, "next-key");
        Assert.Equal(HttpStatusCode.OK, await Call(service.Tokens));

        jwks = next.Jwks;
        service.Clock.Advance(TokenKeys.MaxAge + TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.Unauthorized, await Call(service.Tokens));
    }

    [Fact]
    public async Task Without_any_keys_nobody_comes_in_and_is_asked_to_come_again()
    {
        jwks = "no json";

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Call(service.Tokens));

        jwks = service.Tokens.Jwks;
        service.Clock.Advance(TokenKeys.MinIntervalWithoutKeys);

        Assert.Equal(HttpStatusCode.OK, await Call(service.Tokens));
    }

    [Fact]
    public async Task A_client_that_gives_up_while_the_keys_come_keeps_nobody_out()
    {
        hold = new TaskCompletionSource();
        using var impatient = service.ClientWith(service.Tokens.ForParticipant());
        using var gives = new CancellationTokenSource();
        var first = impatient.GetAsync(me, gives.Token);
        await Eventually.True(() => Volatile.Read(ref asked) == 1);

        await gives.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        var second = Call(service.Tokens);
        hold.SetResult();

        Assert.Equal(HttpStatusCode.OK, await second);
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }

    private async Task<HttpStatusCode> Call(TestTokens tokens)
    {
        using var client = service.ClientWith(tokens.ForParticipant());
        return (await client.GetAsync(me)).StatusCode;
    }
}
