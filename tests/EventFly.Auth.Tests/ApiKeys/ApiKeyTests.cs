using System.Net;
using System.Text.Json;
using EventFly.Auth.Accounts;
using EventFly.Auth.ApiKeys;
using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts.Organizations;
using EventFly.ServiceDefaults.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace EventFly.Auth.Tests.ApiKeys;

public sealed class ApiKeyTests : IDisposable
{
    private readonly AuthApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task A_key_acts_for_its_organisation_with_its_scopes_and_nothing_else()
    {
        var (ada, organization) = await Owner("ada");

        var made = await Make(ada, ["order.read", "checkin.scan"]);
        var token = new JsonWebToken((await Exchange(made.Key)).AccessToken);

        Assert.Equal(made.ApiKey.Id.ToString(), token.Subject);
        Assert.Equal(made.ApiKey.Id.ToString(), token.GetPayloadValue<string>("sid"));
        Assert.Equal(["api-key"], token.GetPayloadValue<string[]>("roles"));
        Assert.Equal(organization.ToString(), token.GetPayloadValue<string>("org"));
        Assert.Equal(["checkin.scan", "order.read"], token.GetPayloadValue<string[]>("perms"));
        Assert.Equal(TimeSpan.FromMinutes(1), token.ValidTo - token.ValidFrom);
    }

    [Fact]
    public async Task The_secret_is_shown_once_and_stored_nowhere()
    {
        var (ada, _) = await Owner("ada");

        var made = await Make(ada, ["order.read"]);

        Assert.StartsWith($"{made.ApiKey.Prefix}_", made.Key, StringComparison.Ordinal);
        var listed = await app.As(ada, HttpMethod.Get, "api-keys");
        var secret = made.Key[(made.ApiKey.Prefix.Length + 1)..];
        Assert.DoesNotContain(secret, await listed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var stored = (await Keys.Get(made.ApiKey.Id.ToString(), TestContext.Current.CancellationToken))!.Body;
        Assert.DoesNotContain(secret, JsonSerializer.Serialize(stored), StringComparison.Ordinal);
        Assert.DoesNotContain(app.Bus.Published, message => System.Text.Encoding.UTF8.GetString(message.Envelope.Span).Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_list_says_who_made_a_key_and_when_it_was_last_used_to_the_minute()
    {
        var (ada, _) = await Owner("ada");
        var made = await Make(ada, ["order.read"]);
        Assert.Null(Assert.Single(await List(ada)).LastUsedAt);

        await Exchange(made.Key);
        var first = Assert.Single(await List(ada));
        app.Clock.Advance(TimeSpan.FromSeconds(40));
        await Exchange(made.Key);
        var soon = Assert.Single(await List(ada));
        app.Clock.Advance(TimeSpan.FromSeconds(40));
        await Exchange(made.Key);
        var later = Assert.Single(await List(ada));

        Assert.Equal((ada.Account.Id, "Ada"), (first.MadeBy, first.MadeByName));
        Assert.NotNull(first.LastUsedAt);
        Assert.Equal(first.LastUsedAt, soon.LastUsedAt);
        Assert.Equal(TimeSpan.FromSeconds(80), later.LastUsedAt - first.LastUsedAt);
    }

    [Fact]
    public async Task A_revoked_key_is_out_at_once_and_so_are_its_tokens()
    {
        var (ada, _) = await Owner("ada");
        var made = await Make(ada, ["staff.manage"]);
        var token = (await Exchange(made.Key)).AccessToken;
        var check = app.Services.GetRequiredService<TokenCheck>();
        Assert.NotNull(await check.Check(token, TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.NoContent, (await app.As(ada, HttpMethod.Delete, $"api-keys/{made.ApiKey.Id}")).StatusCode);

        Assert.Null(await check.Check(token, TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Unauthorized, (await TryExchange(made.Key)).StatusCode);
        Assert.Empty(await List(ada));
        Assert.Equal(HttpStatusCode.NoContent, (await app.As(ada, HttpMethod.Delete, $"api-keys/{made.ApiKey.Id}")).StatusCode);
    }

    [Fact]
    public async Task A_key_is_not_good_for_longer_than_it_says()
    {
        var (ada, _) = await Owner("ada");
        var made = await Make(ada, ["order.read"], app.Clock.GetUtcNow().AddSeconds(90));

        app.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(30, (await Exchange(made.Key)).ExpiresIn);
        app.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(HttpStatusCode.Unauthorized, (await TryExchange(made.Key)).StatusCode);
    }

    [Fact]
    public async Task Nearly_right_is_wrong()
    {
        var (ada, _) = await Owner("ada");
        var made = await Make(ada, ["order.read"]);
        var other = await Make(ada, ["order.read"]);

        foreach (var wrong in (string[])
            ["", "efk_", made.Key[..^1], made.Key + "A", made.Key.Replace("efk_", "EFK_", StringComparison.Ordinal), $"{made.ApiKey.Prefix}_{other.Key[^43..]}", $"efk_{Guid.CreateVersion7():N}_{made.Key[^43..]}"])
        {
            Assert.Contains((await TryExchange(wrong)).StatusCode, (HttpStatusCode[])[HttpStatusCode.Unauthorized, HttpStatusCode.BadRequest]);
        }

        await Exchange(made.Key);
    }

    [Fact]
    public async Task Nobody_gives_a_key_what_they_do_not_hold_or_what_there_is_not()
    {
        var (ada, _) = await Owner("ada");

        Assert.Equal("scope-unknown", await AuthApp.CodeOf(await TryMake(ada, ["order.read", "order.everything"])));
        Assert.Equal(HttpStatusCode.BadRequest, (await TryMake(ada, [])).StatusCode);
        Assert.Equal("expiry-in-the-past", await AuthApp.CodeOf(await TryMake(ada, ["order.read"], app.Clock.GetUtcNow())));
    }

    [Fact]
    public async Task Only_a_verified_address_makes_keys()
    {
        var (ada, _) = await Owner("ada", isVerified: false);

        Assert.Equal("email-not-verified", await AuthApp.CodeOf(await TryMake(ada, ["order.read"])));
    }

    [Fact]
    public async Task Keys_of_another_organisation_look_like_none()
    {
        var (ada, _) = await Owner("ada");
        var (eve, _) = await Owner("eve");
        var made = await Make(ada, ["order.read"]);

        Assert.Empty(await List(eve));
        Assert.Equal("api-key-not-found", await AuthApp.CodeOf(await app.As(eve, HttpMethod.Delete, $"api-keys/{made.ApiKey.Id}")));
        await Exchange(made.Key);
    }

    [Fact]
    public async Task An_organisation_has_fifty_keys_and_never_more_however_many_are_made_at_once()
    {
        var (ada, _) = await Owner("ada");
        for (var number = 0; number < 48; number++)
        {
            await Make(ada, ["order.read"]);
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => TryMake(ada, ["order.read"])));

        var keys = await List(ada);
        Assert.Equal(50, keys.Count);
        Assert.Equal(2, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal("too-many-api-keys", await AuthApp.CodeOf(await TryMake(ada, ["order.read"])));

        await app.As(ada, HttpMethod.Delete, $"api-keys/{keys[7].Id}");
        await Make(ada, ["order.read"]);
    }

    [Fact]
    public async Task A_program_makes_no_keys_and_has_no_account()
    {
        var (ada, _) = await Owner("ada");
        var made = await Make(ada, ["staff.manage", "order.read"]);
        var program = ada with { AccessToken = (await Exchange(made.Key)).AccessToken };

        Assert.Equal(HttpStatusCode.Forbidden, (await app.As(program, HttpMethod.Get, "me")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await TryMake(program, ["order.read"])).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.As(program, HttpMethod.Delete, $"api-keys/{made.ApiKey.Id}")).StatusCode);
    }

    [Fact]
    public async Task A_key_whose_maker_is_gone_is_nobodys()
    {
        var (ada, _) = await Owner("ada");
        var made = await Make(ada, ["order.read"]);

        await app.Services.GetRequiredService<Documents<Account>>().Change(
            Account.IdOf(ada.Account.Id), _ => Change.Delete<Account>(), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, (await TryExchange(made.Key)).StatusCode);
    }

    [Fact]
    public async Task What_somebody_made_is_revoked_in_the_organisation_that_they_leave_and_nowhere_else()
    {
        var (ada, organization) = await Owner("ada");
        var (eve, _) = await Owner("eve");
        var (hers, others) = (await Make(ada, ["order.read"]), await Make(eve, ["order.read"]));
        var revoke = app.Services.GetRequiredService<RevokeKeys>();

        await revoke.MadeBy(ada.Account.Id, Guid.CreateVersion7(), TestContext.Current.CancellationToken);
        await Exchange(hers.Key);
        await revoke.MadeBy(ada.Account.Id, organization, TestContext.Current.CancellationToken);
        await revoke.MadeBy(ada.Account.Id, organization, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, (await TryExchange(hers.Key)).StatusCode);
        await Exchange(others.Key);
    }

    private Documents<ApiKey> Keys => app.Services.GetRequiredService<Documents<ApiKey>>();

    private async Task<(SignedIn Owner, Guid Organization)> Owner(string name, bool isVerified = true)
    {
        var signedUp = await app.SignUp($"{name}@example.org", "organizers");
        var organization = Guid.CreateVersion7();
        await app.Bus.Say(new OrganizationCreated(organization, signedUp.Account.Id, "Analytical"), organization.ToString());
        if (isVerified)
        {
            await app.Services.GetRequiredService<Documents<Account>>().Change(
                Account.IdOf(signedUp.Account.Id), current => current!.Body with { EmailVerifiedAt = app.Clock.GetUtcNow() }, TestContext.Current.CancellationToken);
        }

        return (await app.Refresh(signedUp.RefreshToken), organization);
    }

    private Task<HttpResponseMessage> TryMake(SignedIn who, string[] scopes, DateTimeOffset? expiresAt = null) =>
        app.As(who, HttpMethod.Post, "api-keys", new { name = "Till", scopes, expiresAt });

    private async Task<Made> Make(SignedIn who, string[] scopes, DateTimeOffset? expiresAt = null) =>
        await AuthApp.Read<Made>(await TryMake(who, scopes, expiresAt));

    private async Task<IReadOnlyList<Listed>> List(SignedIn who) => (await AuthApp.Read<Page>(await app.As(who, HttpMethod.Get, "api-keys"))).Items;

    private Task<HttpResponseMessage> TryExchange(string key) => app.Post("internal/api-keys/exchange", new { key });

    private async Task<Exchanged> Exchange(string key) => await AuthApp.Read<Exchanged>(await TryExchange(key));

    private sealed record Made(Listed ApiKey, string Key);

    private sealed record Listed(Guid Id, string Name, string Prefix, string[] Scopes, Guid MadeBy, string? MadeByName, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt);

    private sealed record Page(IReadOnlyList<Listed> Items);

    private sealed record Exchanged(string AccessToken, int ExpiresIn);
}
