using System.Net;

namespace EventFly.Auth.Tests.Verification;

public sealed class ChangeEmailTests : IDisposable
{
    private readonly AuthApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task Nothing_changes_until_the_code_that_went_to_the_new_address_is_entered()
    {
        var ada = await app.SignUp("ada@example.org");

        Assert.Equal(HttpStatusCode.Accepted, (await Ask(ada, " Lovelace@Example.org")).StatusCode);

        await app.Mails("ada@example.org", "change-email-asked");
        Assert.Equal("ada@example.org", (await AuthApp.Read<AccountBody>(await app.Me(ada))).Email);
        var changed = await AuthApp.Read<AccountBody>(await Confirm(ada, await app.CodeTo("lovelace@example.org", "change-email")));
        Assert.Equal(("lovelace@example.org", true), (changed.Email, changed.EmailVerified));
        await app.Mails("ada@example.org", "email-changed");
        await app.SignIn("lovelace@example.org");
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.TrySignIn("ada@example.org")).StatusCode);
        await app.SignUp("ada@example.org");
    }

    [Fact]
    public async Task It_takes_the_password()
    {
        var ada = await app.SignUp("ada@example.org");

        var refused = await Ask(ada, "eve@example.org", "a wrong password");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal("wrong-password", await AuthApp.CodeOf(refused));
    }

    [Fact]
    public async Task Of_two_accounts_that_want_one_address_one_gets_it()
    {
        var (ada, eve) = (await app.SignUp("ada@example.org"), await app.SignUp("eve@example.org"));
        await Ask(ada, "shared@example.org");
        var adas = await app.CodeTo("shared@example.org", "change-email");
        await Ask(eve, "shared@example.org");
        var eves = await app.CodeTo("shared@example.org", "change-email", 2);

        var answers = await Task.WhenAll(Confirm(ada, adas), Confirm(eve, eves));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.OK);
        var other = Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Conflict);
        Assert.Equal("email-taken", await AuthApp.CodeOf(other));
    }

    [Fact]
    public async Task Whether_somebody_has_the_address_is_not_said_to_who_cannot_read_its_mail()
    {
        var ada = await app.SignUp("ada@example.org");
        await app.SignUp("eve@example.org");

        Assert.Equal(HttpStatusCode.Accepted, (await Ask(ada, "eve@example.org")).StatusCode);
    }

    [Fact]
    public async Task Codes_for_changes_are_bounded_too()
    {
        var ada = await app.SignUp("ada@example.org");

        Assert.Equal(HttpStatusCode.Accepted, (await Ask(ada, "one@example.org")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await Ask(ada, "two@example.org")).StatusCode);
    }

    [Fact]
    public async Task My_own_address_is_no_change()
    {
        var ada = await app.SignUp("ada@example.org");

        Assert.Equal("email-unchanged", await AuthApp.CodeOf(await Ask(ada, "ADA@example.org")));
        Assert.Equal(HttpStatusCode.BadRequest, (await Ask(ada, "no address")).StatusCode);
    }

    private Task<HttpResponseMessage> Ask(SignedIn who, string email, string password = AuthApp.Password) =>
        app.As(who, HttpMethod.Put, "me/email", new { email, password });

    private Task<HttpResponseMessage> Confirm(SignedIn who, string code) => app.As(who, HttpMethod.Post, "me/email/confirmation", new { code });
}
