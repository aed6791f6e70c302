using System.Net;
using System.Text.Json.Nodes;
using EventFly.Testing;

namespace EventFly.Auth.Tests.Lockout;

/// <summary>While Redis is away: each process counts alone.</summary>
public sealed class LockoutWithoutRedisTests : LockoutTests
{
    public override ValueTask InitializeAsync()
    {
        App = new AuthApp();
        return ValueTask.CompletedTask;
    }
}

/// <summary>The same as a script in Redis.</summary>
public sealed class LockoutWithRedisTests : LockoutTests
{
    private readonly RedisServer redis = new();

    public override async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(ServerProgram.WhyNot(RedisServer.Program) is not null, ServerProgram.WhyNot(RedisServer.Program) ?? "");
        await redis.Start();
        App = new AuthApp(("ConnectionStrings:redis", redis.ConnectionString));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await redis.DisposeAsync();
    }
}

/// <summary>Guessing is slow, whoever does it from wherever; the owner gets in.</summary>
public abstract class LockoutTests : IAsyncLifetime
{
    private const string Home = "198.51.100.1";
    private const string Abroad = "203.0.113.9";

    protected AuthApp? App { get; set; }

    private AuthApp Auth => App!;

    public abstract ValueTask InitializeAsync();

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (App is not null)
        {
            await App.DisposeAsync();
        }
    }

    [Fact]
    public async Task Each_wrong_password_after_the_fifth_doubles_the_wait()
    {
        await Register("ada@example.org");
        await Guess("ada@example.org", Abroad, times: 5);

        foreach (var seconds in (int[])[15, 30, 60, 120, 240, 480, 900, 900])
        {
            var right = await SignIn("ada@example.org", AuthApp.Password, Abroad);
            Assert.Equal(HttpStatusCode.TooManyRequests, right.StatusCode);
            Assert.Equal("too-many-attempts", await AuthApp.CodeOf(right));
            Assert.Equal(TimeSpan.FromSeconds(seconds), right.Headers.RetryAfter?.Delta);
            Auth.Clock.Advance(TimeSpan.FromSeconds(seconds));
            await Guess("ada@example.org", Abroad, times: 1);
        }

        Auth.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(HttpStatusCode.Created, (await SignIn("ada@example.org", AuthApp.Password, Abroad)).StatusCode);
        await Guess("ada@example.org", Abroad, times: 5);
    }

    [Fact]
    public async Task Wrong_tries_are_forgotten_after_an_hour()
    {
        await Register("ada@example.org");
        await Guess("ada@example.org", Abroad, times: 4);

        Auth.Clock.Advance(TimeSpan.FromHours(1));

        await Guess("ada@example.org", Abroad, times: 5);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SignIn("ada@example.org", "wrong", Abroad)).StatusCode);
    }

    [Fact]
    public async Task Guesses_that_come_at_once_are_counted_too()
    {
        await Register("ada@example.org");

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => SignIn("ada@example.org", "wrong", Abroad)));

        Assert.Equal(5, answers.Count(answer => answer.StatusCode is HttpStatusCode.Unauthorized));
        Assert.Equal(25, answers.Count(answer => answer.StatusCode is HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Guessing_from_many_addresses_is_slow_too_and_the_owner_signs_in_from_where_they_did_before()
    {
        await Register("ada@example.org");
        var guesses = await FromManyAddresses("ada@example.org", 100);

        Assert.Equal(30, guesses.Count(status => status is HttpStatusCode.Unauthorized));
        Assert.Equal(70, guesses.Count(status => status is HttpStatusCode.TooManyRequests));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SignIn("ada@example.org", AuthApp.Password, Abroad)).StatusCode);
        for (var time = 0; time < 10; time++)
        {
            Assert.Equal(HttpStatusCode.Created, (await SignIn("ada@example.org", AuthApp.Password, Home)).StatusCode);
        }
    }

    [Fact]
    public async Task Every_two_minutes_a_stranger_may_try_again()
    {
        await Register("ada@example.org");
        await FromManyAddresses("ada@example.org", 31);

        var refused = await SignIn("ada@example.org", AuthApp.Password, Abroad);
        Auth.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(TimeSpan.FromMinutes(2), refused.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.Created, (await SignIn("ada@example.org", AuthApp.Password, Abroad)).StatusCode);
    }

    [Fact]
    public async Task A_network_that_the_owner_uses_has_its_own_waits_and_they_are_no_strangers()
    {
        await Register("ada@example.org");
        await Guess("ada@example.org", Home, times: 5);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await SignIn("ada@example.org", AuthApp.Password, Home)).StatusCode);
        Assert.Equal(30, (await FromManyAddresses("ada@example.org", 40)).Count(status => status is HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task A_place_that_was_signed_in_from_is_known_for_ninety_days()
    {
        await Register("ada@example.org");
        Assert.Equal(HttpStatusCode.Created, (await SignIn("ada@example.org", AuthApp.Password, Abroad)).StatusCode);

        await FromManyAddresses("ada@example.org", 31);
        Assert.Equal(HttpStatusCode.Created, (await SignIn("ada@example.org", AuthApp.Password, Abroad)).StatusCode);
        Auth.Clock.Advance(TimeSpan.FromDays(91));
        await FromManyAddresses("ada@example.org", 31);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SignIn("ada@example.org", AuthApp.Password, Abroad)).StatusCode);
    }

    [Fact]
    public async Task A_password_reset_lets_the_owner_in_from_anywhere()
    {
        await Register("ada@example.org");
        await FromManyAddresses("ada@example.org", 40);

        await Auth.Post("password-resets", new { email = "ada@example.org" }, Abroad);
        var reset = await Auth.Post(
            "password-resets/confirm", new { email = "ada@example.org", code = await Auth.CodeTo("ada@example.org", "reset-password"), newPassword = "another good one" }, Abroad);

        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await SignIn("ada@example.org", "another good one", Abroad)).StatusCode);
    }

    [Fact]
    public async Task The_owner_hears_of_an_attack_once_a_day()
    {
        await Register("ada@example.org");
        await FromManyAddresses("ada@example.org", 60);
        await Auth.Mails("ada@example.org", "under-attack");
        await FromManyAddresses("ada@example.org", 10);
        Assert.Single(await Auth.Mails("ada@example.org", "under-attack"));

        Auth.Clock.Advance(TimeSpan.FromDays(1));
        await FromManyAddresses("ada@example.org", 60);

        Assert.Equal(2, (await Auth.Mails("ada@example.org", "under-attack", 2)).Count);
    }

    [Fact]
    public async Task Nobody_learns_from_the_limits_whether_an_account_exists()
    {
        await Register("ada@example.org");

        foreach (var addresses in (string[][])[["203.0.113.1"], [.. Enumerable.Range(1, 40).Select(number => $"192.0.2.{number}")]])
        {
            for (var guess = 0; guess < 40; guess++)
            {
                var from = addresses[guess % addresses.Length];
                Assert.Equal(await Answer("nobody@example.org", from), await Answer("ada@example.org", from));
            }
        }
    }

    [Fact]
    public async Task One_network_address_guesses_only_so_often_whatever_the_account()
    {
        for (var guess = 0; guess < 50; guess++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await SignIn($"somebody{guess}@example.org", "wrong", "203.0.113.7")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await SignIn("else@example.org", "wrong", "203.0.113.7")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SignIn("else@example.org", "wrong", "203.0.113.8")).StatusCode);
    }

    [Fact]
    public async Task Addresses_of_one_IPv6_network_are_one_caller()
    {
        using var strict = new AuthApp(("Attempts:PerAddress", "1"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await SignIn("a@example.org", "wrong", "2001:db8:1:2::1", strict)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SignIn("b@example.org", "wrong", "2001:db8:1:2:ffff::9", strict)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SignIn("c@example.org", "wrong", "2001:db8:1:3::1", strict)).StatusCode);
    }

    private async Task Register(string email) =>
        Assert.Equal(HttpStatusCode.Created, (await Auth.Post("participants", new { email, password = AuthApp.Password, name = "Ada" }, Home)).StatusCode);

    private async Task Guess(string email, string from, int times)
    {
        for (var time = 0; time < times; time++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await SignIn(email, "wrong", from)).StatusCode);
        }
    }

    private async Task<HttpStatusCode[]> FromManyAddresses(string email, int count)
    {
        var answers = new List<HttpStatusCode>();
        for (var number = 0; number < count; number++)
        {
            answers.Add((await SignIn(email, "wrong", $"192.0.2.{number}")).StatusCode);
        }

        return [.. answers];
    }

    private Task<HttpResponseMessage> SignIn(string email, string password, string from, AuthApp? auth = null) =>
        (auth ?? Auth).Post("sessions", new { email, password }, from);

    private async Task<string> Answer(string email, string from)
    {
        using var response = await SignIn(email, "wrong", from);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        body.Remove("traceId");
        return $"{(int)response.StatusCode} {response.Headers} {response.Content.Headers.ContentType} {body.ToJsonString()}";
    }
}
