using System.Net;
using EventFly.Testing;

namespace EventFly.Auth.Tests.Sessions;

/// <summary>Two processes of auth with one database and one Redis.</summary>
public sealed class ReplicaTests : IAsyncLifetime
{
    private readonly RedisServer redis = new();
    private AuthApp one = null!;
    private AuthApp other = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(ServerProgram.WhyNot(RedisServer.Program) is not null, ServerProgram.WhyNot(RedisServer.Program) ?? "");
        await redis.Start();
        (string, string)[] shared =
        [
            ("ConnectionStrings:auth-db", $"sqlite:{Path.Combine(redis.Folder, "auth.db")}"), ("ConnectionStrings:redis", redis.ConnectionString),
        ];
        (one, other) = (new AuthApp(shared), new AuthApp(shared));
    }

    public async ValueTask DisposeAsync()
    {
        if (one is not null)
        {
            await one.DisposeAsync();
            await other.DisposeAsync();
        }

        await redis.DisposeAsync();
    }

    [Fact]
    public async Task Wrong_passwords_are_counted_across_replicas_and_by_each_alone_while_Redis_is_away()
    {
        await one.SignUp("ada@example.org");
        foreach (var replica in (AuthApp[])[one, other, one, other, one])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await replica.TrySignIn("ada@example.org", "wrong")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await one.TrySignIn("ada@example.org")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await other.TrySignIn("ada@example.org")).StatusCode);

        await redis.Kill();
        await one.SignIn("ada@example.org");
    }

    [Fact]
    public async Task Signing_out_at_one_replica_is_known_to_the_other()
    {
        var ada = await one.SignUp("ada@example.org");
        Assert.Equal(HttpStatusCode.OK, (await other.Me(ada)).StatusCode);

        await one.As(ada, HttpMethod.Delete, "sessions/current");

        Assert.Equal(HttpStatusCode.Unauthorized, (await other.TryRefresh(ada.RefreshToken)).StatusCode);
        await Eventually.True(async () => (await other.Me(ada)).StatusCode is HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Both_sign_with_the_same_key()
    {
        var ada = await one.SignUp("ada@example.org");
        var again = await other.SignIn("ada@example.org");

        Assert.Equal(HttpStatusCode.OK, (await other.Me(ada)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await one.Me(again)).StatusCode);
    }
}
