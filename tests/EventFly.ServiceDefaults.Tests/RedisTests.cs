using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventFly.BuildingBlocks.Http;
using EventFly.ServiceDefaults.Redis;
using EventFly.ServiceDefaults.Tokens;
using EventFly.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EventFly.ServiceDefaults.Tests;

public sealed class RedisTests : IAsyncLifetime
{
    private static readonly Guid Organization = Guid.Parse("0197a000-0000-7000-8000-000000000001");

    private readonly RedisServer redis = new();

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(ServerProgram.WhyNot(RedisServer.Program) is not null, ServerProgram.WhyNot(RedisServer.Program) ?? "");
        await redis.Start();
    }

    public ValueTask DisposeAsync() => redis.DisposeAsync();

    [Fact]
    public async Task Redis_away_makes_a_service_degraded_not_unhealthy()
    {
        await using var service = await Start();
        Assert.Equal("healthy", await StatusOf(service));

        await redis.Kill();
        Assert.Equal("degraded", await StatusOf(service));

        await redis.Start();
        await Eventually.True(async () => await StatusOf(service) == "healthy");
    }

    [Fact]
    public async Task Calls_fail_within_their_time_while_Redis_is_away_and_work_again_when_it_is_back()
    {
        await using var service = await Start();
        var client = service.Services.GetRequiredService<RedisClient>();
        await client.Set("a", "1", TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.Equal("1", await client.Get("a", CancellationToken.None));
        Assert.Null(await client.Get("b", CancellationToken.None));

        await redis.Kill();
        await Assert.ThrowsAsync<RedisUnavailableException>(() => client.Get("a", CancellationToken.None));

        await redis.Start();
        await Eventually.True(() => Works(client));
        Assert.Equal(6, (long)await client.Run("return ARGV[1] * 2", [], [3], CancellationToken.None));
        Assert.True(await client.Delete("a", CancellationToken.None) is false);
    }

    [Fact]
    public async Task A_call_to_a_Redis_that_hangs_ends_by_itself()
    {
        await using var service = await Start();
        var client = service.Services.GetRequiredService<RedisClient>();
        await client.Ping(CancellationToken.None);

        await redis.Freeze();
        await Assert.ThrowsAsync<RedisUnavailableException>(() => client.Get("a", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30)));
        await redis.Thaw();

        await Eventually.True(() => Works(client));
    }

    [Fact]
    public async Task A_session_revoked_in_one_process_is_refused_in_the_others()
    {
        await using var auth = await Start();
        await using var other = await Start();
        var user = TestUser.Participant();
        using var client = other.ClientWith(other.Tokens.For(user));
        Assert.Equal(HttpStatusCode.OK, await Call(client));
        await Listening(auth, other);

        await Revoke(auth, user);

        await Eventually.True(async () => await Call(client) == HttpStatusCode.Unauthorized);
        await using var late = await Start();
        await Eventually.True(() => late.Services.GetRequiredService<RevokedSessions>().Contains(user.SessionId.ToString()));
    }

    [Fact]
    public async Task A_session_revoked_while_Redis_is_away_is_told_when_it_is_back()
    {
        await using var auth = await Start();
        await using var other = await Start();
        var (before, meanwhile) = (TestUser.Participant(), TestUser.Participant());
        await Listening(auth, other);
        await Revoke(auth, before);
        await Eventually.True(() => Knows(other, before));

        await redis.Kill();
        await Revoke(auth, meanwhile);
        Assert.True(Knows(auth, meanwhile));
        Assert.True(Knows(other, before));
        await redis.Start();

        await Eventually.True(() => Knows(other, meanwhile));
        await using var late = await Start();
        await Eventually.True(() => Knows(late, before) && Knows(late, meanwhile));
    }

    [Fact]
    public async Task A_service_starts_without_Redis_and_finds_it_later()
    {
        await redis.Kill();
        await using var auth = await Start();
        await using var other = await Start();
        var user = TestUser.Participant();
        await Revoke(auth, user);

        await redis.Start();

        await Eventually.True(() => Knows(other, user));
    }

    [Fact]
    public async Task Access_that_changed_in_one_process_is_changed_in_the_others_through_an_outage_of_Redis()
    {
        await using var organizations = await Start();
        await using var events = await Start();
        var (before, meanwhile) = (TestUser.Staff(Organization, Permissions.EventEdit), TestUser.Staff(Organization, Permissions.EventEdit));
        await Listening(organizations, events);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await Edit(events, before), await Edit(events, meanwhile)));

        await TakeAll(organizations, before);
        await Eventually.True(async () => await Edit(events, before) == HttpStatusCode.Forbidden);

        await redis.Kill();
        await TakeAll(organizations, meanwhile);
        Assert.Equal(HttpStatusCode.Forbidden, await Edit(organizations, meanwhile));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (await Edit(events, before), await Edit(events, meanwhile)));
        await redis.Start();

        await Eventually.True(async () => await Edit(events, meanwhile) == HttpStatusCode.Forbidden);
        await using var late = await Start();
        await Eventually.True(async () => await Edit(late, before) == HttpStatusCode.Forbidden && await Edit(late, meanwhile) == HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_missing_connection_string_is_one_clear_sentence()
    {
        var missing = await Assert.ThrowsAsync<InvalidOperationException>(() => SampleService.Start(builder => builder.AddRedisClient("redis")));

        Assert.Equal("The connection string redis is missing. Set ConnectionStrings__redis.", missing.Message);
    }

    private static async Task<bool> Works(RedisClient client)
    {
        try
        {
            await client.Ping(CancellationToken.None);
            return true;
        }
        catch (RedisUnavailableException)
        {
            // Not back yet.
            return false;
        }
    }

    private static Task TakeAll(SampleService service, TestUser user) => service.Services.GetRequiredService<ChangedAccess>().Tell(
        new AccessChange(user.Id, Organization, null, [], service.Clock.GetUtcNow()), CancellationToken.None);

    private static async Task<HttpStatusCode> Edit(SampleService service, TestUser user)
    {
        using var client = service.ClientWith(service.Tokens.For(user));
        return (await client.PostAsync(new Uri("/api/sample/edits", UriKind.Relative), null)).StatusCode;
    }

    private static bool Knows(SampleService service, TestUser user) => service.Services.GetRequiredService<RevokedSessions>().Contains(user.SessionId.ToString());

    private static Task Revoke(SampleService service, TestUser user) =>
        service.Services.GetRequiredService<RevokedSessions>().Revoke(user.SessionId.ToString(), TimeSpan.FromMinutes(10), CancellationToken.None);

    private static async Task<string?> StatusOf(SampleService service) =>
        (await (await service.Client.GetAsync(new Uri("/health", UriKind.Relative))).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString();

    private static async Task<HttpStatusCode> Call(HttpClient client) => (await client.GetAsync(new Uri("/api/sample/me", UriKind.Relative))).StatusCode;

    private static async Task Listening(params SampleService[] services)
    {
        foreach (var service in services)
        {
            await Eventually.True(() => service.Services.GetRequiredService<RevokedSessions>().IsSharing);
            await Eventually.True(() => service.Services.GetRequiredService<ChangedAccess>().IsSharing);
        }
    }

    private Task<SampleService> Start() =>
        SampleService.Start(builder => builder.AddRedisClient("redis"), settings: ("ConnectionStrings:redis", redis.ConnectionString));
}
