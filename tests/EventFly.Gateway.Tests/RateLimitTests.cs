using System.Net;
using EventFly.Testing;

namespace EventFly.Gateway.Tests;

public sealed class RateLimitTests
{
    private static readonly Uri Path = new("/api/auth/me", UriKind.Relative);

    private static readonly (string, string?)[] Five = [("RateLimit:PerSecond", "1"), ("RateLimit:Burst", "5")];

    [Fact]
    public async Task A_client_that_asks_too_often_is_told_when_to_come_back()
    {
        await using var gateway = await GatewayApp.Start(Five);

        Assert.Equal(5, await Admitted(gateway.Client, 8));
        var refused = await gateway.Client.GetAsync(Path);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        Assert.Contains("too-many-requests", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        gateway.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, await Admitted(gateway.Client, 4));
    }

    [Fact]
    public async Task Signed_in_clients_do_not_share_a_limit()
    {
        await using var gateway = await GatewayApp.Start(Five);
        using var alice = gateway.ClientWith(gateway.Tokens.ForParticipant());
        using var bob = gateway.ClientWith(gateway.Tokens.ForParticipant());

        Assert.Equal(5, await Admitted(alice, 8));
        Assert.Equal(5, await Admitted(bob, 8));
    }

    [Fact]
    public async Task Two_gateways_share_one_limit_and_keep_limiting_when_Redis_is_killed()
    {
        Assert.SkipWhen(ServerProgram.WhyNot(RedisServer.Program) is not null, ServerProgram.WhyNot(RedisServer.Program) ?? "");
        await using var redis = new RedisServer();
        await redis.Start();
        (string, string?)[] settings = [("RateLimit:PerSecond", "1"), ("RateLimit:Burst", "10"), ("ConnectionStrings:redis", redis.ConnectionString)];
        await using var first = await GatewayApp.Start(settings);
        await using var second = await GatewayApp.Start(settings);

        var admitted = await Admitted(first.Client, 20) + await Admitted(second.Client, 20);
        Assert.InRange(admitted, 10, 14);

        await redis.Kill();
        Assert.InRange(await Admitted(first.Client, 30), 1, 10);
    }

    private static async Task<int> Admitted(HttpClient client, int requests)
    {
        var admitted = 0;
        for (var request = 0; request < requests; request++)
        {
            using var answer = await client.GetAsync(Path);
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, answer.StatusCode.ToString());
            admitted += answer.StatusCode == HttpStatusCode.OK ? 1 : 0;
        }

        return admitted;
    }
}
