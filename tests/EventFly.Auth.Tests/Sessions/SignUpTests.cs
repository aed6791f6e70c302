using System.Net;
using EventFly.Contracts.Auth;
using Microsoft.IdentityModel.JsonWebTokens;

namespace EventFly.Auth.Tests.Sessions;

public sealed class SignUpTests : IDisposable
{
    private readonly AuthApp app = new();

    public void Dispose() => app.Dispose();

    [Theory]
    [InlineData("participants", "participant")]
    [InlineData("organizers", "organizer")]
    public async Task Whoever_signs_up_is_signed_in_and_announced(string path, string role)
    {
        var response = await app.Post(path, new { email = "ada@example.org", password = AuthApp.Password, name = " Ada Lovelace " });
        var ada = await AuthApp.Read<SignedIn>(response);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/api/auth/sessions/{ada.SessionId}", response.Headers.Location?.ToString());
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal(("Bearer", 600), (ada.TokenType, ada.ExpiresIn));
        Assert.Equal(("ada@example.org", "Ada Lovelace"), (ada.Account.Email, ada.Account.Name));
        Assert.Equal([role], ada.Account.Roles);
        Assert.Equal(HttpStatusCode.OK, (await app.Me(ada)).StatusCode);
        Assert.Equal(new AccountRegistered(ada.Account.Id, role), await app.Bus.Expect<AccountRegistered>());
    }

    [Fact]
    public async Task The_access_token_says_who_it_is_and_that_they_own_nothing_yet()
    {
        var ada = await app.SignUp("ada@example.org", "organizers");

        var token = new JsonWebToken(ada.AccessToken);
        Assert.Equal(("ES256", "eventfly", ada.Account.Id.ToString()), (token.Alg, token.Issuer, token.Subject));
        Assert.Equal(["eventfly"], token.Audiences);
        Assert.Equal(ada.SessionId.ToString(), token.GetPayloadValue<string>("sid"));
        Assert.Equal(["organizer"], token.GetPayloadValue<string[]>("roles"));
        Assert.Empty(token.GetPayloadValue<string[]>("perms"));
        Assert.False(token.TryGetPayloadValue<string>("org", out _));
        Assert.Equal(app.Clock.Now.AddMinutes(10).UtcDateTime, token.ValidTo);
    }

    [Theory]
    [InlineData("ADA@Example.ORG")]
    [InlineData("  ada@example.org ")]
    public async Task One_address_has_one_account_however_it_is_written_and_whatever_the_role(string again)
    {
        await app.SignUp("ada@example.org");

        var response = await app.Post("organizers", new { email = again, password = AuthApp.Password, name = "Ada" });

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("email-taken", await AuthApp.CodeOf(response));
    }

    [Fact]
    public async Task A_domain_has_one_spelling()
    {
        var ada = await app.SignUp("ada@BÜCHER.example");

        Assert.Equal("ada@xn--bcher-kva.example", ada.Account.Email);
        Assert.Equal(ada.Account.Id, (await app.SignIn("ada@xn--bcher-kva.example")).Account.Id);
    }

    [Fact]
    public async Task Parallel_sign_ups_with_one_address_give_one_account()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.Post(
            "participants", new { email = "ada@example.org", password = AuthApp.Password, name = "Ada" })));

        Assert.Single(responses, response => response.StatusCode is HttpStatusCode.Created);
        Assert.Equal(19, responses.Count(response => response.StatusCode is HttpStatusCode.Conflict));
        await app.Bus.Expect<AccountRegistered>();
        await app.Bus.Settled();
        Assert.Single(app.Bus.Messages<AccountRegistered>());
    }

    [Fact]
    public async Task A_name_may_use_any_letters()
    {
        Assert.Equal("李 Zoë 🎟", (await app.SignUp("ada@example.org", name: "李 Zoë 🎟")).Account.Name);
    }

    [Fact]
    public async Task One_network_address_signs_up_only_so_often()
    {
        using var strict = new AuthApp(("Attempts:SignUpsPerAddress", "2"));
        await strict.SignUp("one@example.org");
        await strict.SignUp("two@example.org");

        var third = await strict.Post("participants", new { email = "three@example.org", password = AuthApp.Password, name = "Ada" });

        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        strict.Clock.Advance(TimeSpan.FromMinutes(1));
        await strict.SignUp("three@example.org");
    }

    [Fact]
    public async Task Nothing_secret_is_announced_or_stored_as_it_was_written()
    {
        var ada = await app.SignUp("ada@example.org");
        await app.Bus.Expect<AccountRegistered>();

        var said = string.Concat(app.Bus.Published.Select(message => System.Text.Encoding.UTF8.GetString(message.Envelope.Span)));
        Assert.DoesNotContain("example.org", said);

        var stored = string.Concat(Directory.GetFiles(app.Folder, "service.db*").Select(ReadShared));
        Assert.Contains("ada@example.org", stored);
        Assert.DoesNotContain(AuthApp.Password, stored);
        Assert.DoesNotContain(ada.RefreshToken, stored);
        Assert.DoesNotContain(ada.AccessToken, stored);
    }

    private static string ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, System.Text.Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
