using System.Net;
using System.Net.Http.Headers;
using EventFly.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EventFly.Auth.Tests.Tokens;

public sealed class SigningKeysTests : IDisposable
{
    private readonly AuthApp app = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventfly-test-");

    private (string, string) Database => ("ConnectionStrings:auth-db", $"sqlite:{Path.Combine(folder.FullName, "auth.db")}");

    private string KeyFile => Path.Combine(folder.FullName, "auth-signing.key");

    public void Dispose()
    {
        app.Dispose();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("/.well-known/jwks.json")]
    [InlineData("/api/auth/.well-known/jwks.json")]
    public async Task Anybody_can_check_a_token_with_the_published_keys(string path)
    {
        var ada = await app.SignUp("ada@example.org");
        using var client = app.CreateClient();

        var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        var published = await response.Content.ReadAsStringAsync();

        Assert.Equal(TimeSpan.FromMinutes(5), response.Headers.CacheControl?.MaxAge);
        Assert.DoesNotContain("\"d\"", published);
        var key = Assert.Single(new JsonWebKeySet(published).Keys);
        Assert.Equal(("EC", "P-256", "ES256", "sig"), (key.Kty, key.Crv, key.Alg, key.Use));
        Assert.Equal(key.Kid, new JsonWebToken(ada.AccessToken).Kid);
        Assert.Equal(key.Kid, Base64UrlEncoder.Encode(key.ComputeJwkThumbprint()));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(ada.AccessToken, new TokenValidationParameters
        {
            ValidIssuer = "eventfly", ValidAudience = "eventfly", IssuerSigningKey = key, ValidateLifetime = false,
        });
        Assert.True(result.IsValid);
    }

    [Fact]
    public async Task A_new_key_is_published_before_it_signs_and_the_old_one_stays_as_long_as_its_tokens()
    {
        var (first, began) = (await Kid(), app.Clock.Now);

        app.Clock.Now = began.AddDays(30).AddHours(-1.1);
        Assert.Equal([first], await Published());

        app.Clock.Now = began.AddDays(30).AddMinutes(-30);
        await Eventually.True(async () => (await Published()).Length == 2);
        Assert.Equal(first, await Kid());

        app.Clock.Now = began.AddDays(30).AddMinutes(-1);
        var signedByTheOld = await app.SignUp("ada@example.org");
        Assert.Equal(first, new JsonWebToken(signedByTheOld.AccessToken).Kid);

        app.Clock.Now = began.AddDays(30).AddMinutes(2);
        var second = await Kid();
        Assert.NotEqual(first, second);
        Assert.Equal(HttpStatusCode.OK, (await app.Me(signedByTheOld)).StatusCode);
        Assert.Equal([first, second], await Published());

        app.Clock.Now = began.AddDays(30).AddHours(2.6);
        await Eventually.True(async () => (await Published()).Length == 1);
        Assert.Equal([second], await Published());
    }

    [Fact]
    public async Task A_token_of_another_key_is_refused()
    {
        using var other = new TestTokens(app.Clock, await Kid());
        using var client = app.CreateClient(other.ForParticipant());

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri("/api/auth/me", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_token_that_was_tampered_with_is_refused()
    {
        var ada = await app.SignUp("ada@example.org");
        var parts = ada.AccessToken.Split('.');
        var claims = Base64UrlEncoder.Decode(parts[1]).Replace("participant", "organizer", StringComparison.Ordinal);
        string[] bad = [$"{parts[0]}.{Base64UrlEncoder.Encode(claims)}.{parts[2]}", $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1]}", "nonsense", ""];

        foreach (var token in bad)
        {
            using var client = app.CreateClient();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri("/api/auth/me", UriKind.Relative))).StatusCode);
        }
    }

    [Fact]
    public async Task Tokens_outlive_a_restart()
    {
        SignedIn ada;
        using (var before = new AuthApp(Database))
        {
            ada = await before.SignUp("ada@example.org");
        }

        using var after = new AuthApp(Database);
        Assert.Equal(HttpStatusCode.OK, (await after.Me(ada)).StatusCode);
    }

    [Fact]
    public async Task The_private_key_is_encrypted_with_a_key_that_only_this_user_can_read()
    {
        using (var auth = new AuthApp(Database))
        {
            await auth.SignUp("ada@example.org");
        }

        Assert.Equal(32, new FileInfo(KeyFile).Length);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(KeyFile) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Equal([KeyFile], Directory.GetFiles(folder.FullName, "auth-signing*"));
    }

    [Fact]
    public async Task A_key_from_the_configuration_leaves_no_file()
    {
        var given = ("SigningKeys:EncryptionKey", Convert.ToBase64String(new byte[32]));
        SignedIn ada;
        using (var before = new AuthApp(Database, given))
        {
            ada = await before.SignUp("ada@example.org");
        }

        Assert.False(File.Exists(KeyFile));
        using var after = new AuthApp(Database, given);
        Assert.Equal(HttpStatusCode.OK, (await after.Me(ada)).StatusCode);
    }

    [Fact]
    public async Task With_another_encryption_key_auth_does_not_start_and_says_why()
    {
        SignedIn ada;
        using (var before = new AuthApp(Database))
        {
            ada = await before.SignUp("ada@example.org");
        }

        File.Delete(KeyFile);
        using (var confused = new AuthApp(Database))
        {
            var why = Assert.Throws<InvalidOperationException>(() => confused.CreateClient());
            Assert.Contains("SigningKeys:ForgetUnreadable", why.Message);
        }

        using var anew = new AuthApp(Database, ("SigningKeys:ForgetUnreadable", "true"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await anew.Me(ada)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await anew.Me(await anew.Refresh(ada.RefreshToken))).StatusCode);
    }

    [Fact]
    public void A_malformed_encryption_key_is_refused_at_the_start()
    {
        using var auth = new AuthApp(("SigningKeys:EncryptionKey", "too short"));

        Assert.Throws<InvalidOperationException>(() => auth.CreateClient());
    }

    private async Task<string> Kid() => new JsonWebToken((await app.SignUp($"{Guid.CreateVersion7():N}@example.org")).AccessToken).Kid;

    private async Task<string[]> Published()
    {
        using var client = app.CreateClient();
        return [.. new JsonWebKeySet(await client.GetStringAsync(new Uri("/.well-known/jwks.json", UriKind.Relative))).Keys.Select(key => key.Kid)];
    }
}
