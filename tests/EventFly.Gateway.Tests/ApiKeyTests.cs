using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using EventFly.Gateway.ApiKeys;
using EventFly.ServiceDefaults.Tokens;
using EventFly.Testing;

namespace EventFly.Gateway.Tests;

public sealed class ApiKeyTests
{
    private static readonly Uri Path = new("/api/payments/alerts", UriKind.Relative);

    [Fact]
    public async Task A_service_sees_the_keys_token_and_never_the_key()
    {
        await using var gateway = await GatewayApp.Start();
        var (key, token) = GoodKey(gateway);
        using var program = gateway.ClientWith(key);

        Assert.Equal("payments heard it", await program.GetStringAsync(Path));

        var seen = Assert.Single(gateway.Payments.Requests);
        Assert.Equal("Bearer " + token, seen.Headers["Authorization"]);
        Assert.DoesNotContain(seen.Headers.Values, value => value.Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Auth_is_asked_once_however_many_requests_carry_the_key_and_again_when_the_token_ends()
    {
        await using var gateway = await GatewayApp.Start();
        var (key, _) = GoodKey(gateway);
        using var program = gateway.ClientWith(key);
        var held = Hold(gateway);
        var many = Enumerable.Range(0, 20).Select(_ => program.GetAsync(Path)).ToArray();
        await Eventually.True(() => !gateway.Auth.Exchanges.IsEmpty, "auth is asked");
        held.SetResult();
        Assert.All(await Task.WhenAll(many), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));

        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync(Path)).StatusCode);
        Assert.Single(gateway.Auth.Exchanges);

        gateway.Clock.Advance(TimeSpan.FromSeconds(56));
        gateway.Auth.ApiKeys[key] = Token(gateway);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync(Path)).StatusCode);
        Assert.Equal(2, gateway.Auth.Exchanges.Count);
    }

    [Fact]
    public async Task A_wrong_key_ends_at_the_door_and_is_remembered_for_a_while()
    {
        await using var gateway = await GatewayApp.Start();
        var key = NewKey();
        using var program = gateway.ClientWith(key);

        await IsProblem(await program.GetAsync(Path), HttpStatusCode.Unauthorized, "invalid-api-key");
        var again = await program.GetAsync(Path);

        Assert.Equal("Bearer", Assert.Single(again.Headers.WwwAuthenticate).Scheme);
        Assert.Single(gateway.Auth.Exchanges);
        gateway.Clock.Advance(TimeSpan.FromSeconds(31));
        await program.GetAsync(Path);
        Assert.Equal(2, gateway.Auth.Exchanges.Count);
        Assert.Empty(gateway.Payments.Requests);
    }

    [Theory]
    [InlineData("efk_")]
    [InlineData("efk_1_2")]
    [InlineData("efk_0197a00000007000800000000000000100000000000000000000000000000000000000000000000000000")]
    public async Task What_cannot_be_a_key_is_not_asked_about(string key)
    {
        await using var gateway = await GatewayApp.Start();
        using var program = gateway.ClientWith(key);

        await IsProblem(await program.GetAsync(Path), HttpStatusCode.Unauthorized, "invalid-api-key");
        Assert.Empty(gateway.Auth.Exchanges);
    }

    [Fact]
    public async Task Guessing_costs_auth_a_bounded_number_of_questions_and_good_keys_nothing()
    {
        await using var gateway = await GatewayApp.Start(("ApiKeys:WrongPerMinute", "5"));
        var (good, _) = GoodKey(gateway);
        using var program = gateway.ClientWith(good);
        await program.GetStringAsync(Path);

        var answers = new List<HttpResponseMessage>();
        for (var guess = 0; guess < 20; guess++)
        {
            using var guesser = gateway.ClientWith(NewKey());
            answers.Add(await guesser.GetAsync(Path));
        }

        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(15, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.NotNull(answers[^1].Headers.RetryAfter?.Delta);
        Assert.Equal(1 + 5, gateway.Auth.Exchanges.Count);
        Assert.Equal("payments heard it", await program.GetStringAsync(Path));

        // It was good before, so it is asked about although its address guesses.
        gateway.Clock.Advance(TimeSpan.FromSeconds(56));
        gateway.Auth.ApiKeys[good] = Token(gateway);
        Assert.Equal("payments heard it", await program.GetStringAsync(Path));
    }

    [Fact]
    public async Task Guessing_from_everywhere_costs_auth_a_bounded_number_of_questions_too()
    {
        await using var gateway = await GatewayApp.Start(("ApiKeys:UnknownPerSecond", "3"));

        for (var guess = 0; guess < 10; guess++)
        {
            using var guesser = gateway.ClientWith(NewKey());
            await guesser.GetAsync(Path);
        }

        Assert.Equal(3, gateway.Auth.Exchanges.Count);
    }

    [Fact]
    public async Task Good_keys_are_no_guesses()
    {
        await using var gateway = await GatewayApp.Start(("ApiKeys:WrongPerMinute", "2"));

        for (var program = 0; program < 6; program++)
        {
            using var client = gateway.ClientWith(GoodKey(gateway).Key);
            Assert.Equal("payments heard it", await client.GetStringAsync(Path));
        }
    }

    [Fact]
    public async Task While_auth_is_away_nobody_is_told_to_sign_in_again_and_remembered_keys_go_on()
    {
        await using var gateway = await GatewayApp.Start();
        var (known, _) = GoodKey(gateway);
        using var program = gateway.ClientWith(known);
        await program.GetStringAsync(Path);
        using var other = gateway.ClientWith(NewKey());
        var address = gateway.Auth.Address;
        await gateway.StopAuth();

        var notNow = await other.GetAsync(Path);

        await IsProblem(notNow, HttpStatusCode.ServiceUnavailable, "auth-unavailable");
        Assert.Equal(TimeSpan.FromSeconds(1), notNow.Headers.RetryAfter?.Delta);
        Assert.Equal("payments heard it", await program.GetStringAsync(Path));

        gateway.Clock.Advance(TimeSpan.FromSeconds(56));
        await IsProblem(await program.GetAsync(Path), HttpStatusCode.ServiceUnavailable, "auth-unavailable");

        await gateway.StartAuthAgain(address);
        await IsProblem(await other.GetAsync(Path), HttpStatusCode.Unauthorized, "invalid-api-key");
    }

    [Fact]
    public async Task An_auth_that_does_not_answer_is_waited_for_a_bounded_time()
    {
        await using var gateway = await GatewayApp.Start(("ApiKeys:Patience", "00:00:00.200"));
        using var program = gateway.ClientWith(GoodKey(gateway).Key);
        var held = Hold(gateway);

        await IsProblem(await program.GetAsync(Path), HttpStatusCode.ServiceUnavailable, "auth-unavailable");
        held.SetResult();
        Assert.Equal("payments heard it", await program.GetStringAsync(Path));
    }

    [Fact]
    public void Memory_of_keys_is_bounded()
    {
        var keys = new KnownKeys();

        for (var key = 0; key < KnownKeys.Generation * 5; key++)
        {
            keys.Remember(TokenHash.Of(key.ToString(System.Globalization.CultureInfo.InvariantCulture)), new KnownKey("", default));
        }

        Assert.InRange(keys.Count, KnownKeys.Generation / 2, KnownKeys.Generation * 2);
    }

    private static TaskCompletionSource Hold(GatewayApp gateway)
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Auth.Exchanging = held.Task;
        return held;
    }

    private static (string Key, string Token) GoodKey(GatewayApp gateway)
    {
        var (key, token) = (NewKey(), Token(gateway));
        gateway.Auth.ApiKeys[key] = token;
        return (key, token);
    }

    private static string Token(GatewayApp gateway) => gateway.Tokens.ForStaff(Guid.CreateVersion7(), "order.read");

    private static string NewKey() => $"efk_{Guid.CreateVersion7():N}_{RandomNumberGenerator.GetHexString(43)}";

    private static async Task IsProblem(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }
}
