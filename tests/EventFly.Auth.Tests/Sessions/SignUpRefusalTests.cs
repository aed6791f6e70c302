using System.Net;

namespace EventFly.Auth.Tests.Sessions;

public sealed class SignUpRefusalTests(SignUpRefusalTests.Auth auth) : IClassFixture<SignUpRefusalTests.Auth>
{
    [Theory]
    [InlineData("ada")]
    [InlineData("@example.org")]
    [InlineData("ada@")]
    [InlineData("ada@example")]
    [InlineData("ada@@example.org")]
    [InlineData("ada@example..org")]
    [InlineData("ada..b@example.org")]
    [InlineData(".ada@example.org")]
    [InlineData("ada @example.org")]
    [InlineData("ada\u0000@example.org")]
    [InlineData("àda@example.org")]
    [InlineData("ada@exa mple.org")]
    [InlineData("ada@-example.org")]
    [InlineData("ada@example.org.")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.org")]
    public async Task What_is_no_address_is_refused(string email)
    {
        var response = await auth.App.Post("participants", new { email, password = AuthApp.Password, name = "Ada" });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(["email"], (await AuthApp.Problem(response)).Errors!.Keys);
    }

    [Theory]
    [InlineData("short", "validation", 400)]
    [InlineData("Password1", "password-too-common", 422)]
    [InlineData("aaaaaaaabb", "password-too-common", 422)]
    [InlineData("Ada.Lovelace", "password-too-common", 422)]
    [InlineData("ada.lovelace@example.org", "password-too-common", 422)]
    [InlineData("Countess Ada", "password-too-common", 422)]
    public async Task An_easy_password_is_refused(string password, string code, int status)
    {
        var response = await auth.App.Post("participants", new { email = "ada.lovelace@example.org", password, name = "countess ada" });

        Assert.Equal(status, (int)response.StatusCode);
        var problem = await AuthApp.Problem(response);
        Assert.Equal(code, problem.Code);
        Assert.Equal(["password"], problem.Errors!.Keys);
    }

    [Theory]
    [InlineData(8, 201)]
    [InlineData(128, 201)]
    [InlineData(129, 400)]
    public async Task A_password_has_8_to_128_characters(int length, int status)
    {
        var password = string.Concat(Enumerable.Range(0, length).Select(place => (char)('!' + (place * 7 % 90))));

        var response = await auth.App.Post("participants", new { email = $"ada{length}@example.org", password, name = "Ada" });

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("Ada\nLovelace")]
    [InlineData("Ada\u0000")]
    public async Task A_name_is_something_that_can_be_shown(string name)
    {
        var response = await auth.App.Post("participants", new { email = "ada@example.org", password = AuthApp.Password, name });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(["name"], (await AuthApp.Problem(response)).Errors!.Keys);
    }

    public sealed class Auth : IDisposable
    {
        public AuthApp App { get; } = new();

        public void Dispose() => App.Dispose();
    }
}
