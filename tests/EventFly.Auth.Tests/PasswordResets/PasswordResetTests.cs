using System.Net;
using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts.Mail;
using Microsoft.Extensions.DependencyInjection;

namespace EventFly.Auth.Tests.PasswordResets;

public sealed class PasswordResetTests : IDisposable
{
    private const string New = "another good one";

    private readonly AuthApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task A_code_gives_a_new_password_ends_every_session_and_verifies_the_address()
    {
        var ada = await app.SignUp("ada@example.org");
        await Ask("ada@example.org");

        Assert.Equal(HttpStatusCode.NoContent, (await Confirm("ADA@example.org", await app.CodeTo("ada@example.org", "reset-password"))).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Me(ada)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.TryRefresh(ada.RefreshToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.TrySignIn("ada@example.org")).StatusCode);
        Assert.True((await app.SignIn("ada@example.org", New)).Account.EmailVerified);
        await app.Mails("ada@example.org", "password-changed");
    }

    [Fact]
    public async Task A_code_works_once_also_when_it_is_entered_twice_at_once()
    {
        await app.SignUp("ada@example.org");
        await Ask("ada@example.org");
        var code = await app.CodeTo("ada@example.org", "reset-password");

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Confirm("ada@example.org", code)));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.NoContent);
        Assert.Equal(3, answers.Count(answer => answer.StatusCode is HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task For_an_address_without_an_account_everything_looks_the_same_and_no_mail_goes_out()
    {
        await app.SignUp("ada@example.org");
        var before = app.Bus.Messages<MailRequested>().Count;

        foreach (var address in (string[])["nobody@example.org", "no address at all"])
        {
            var (known, unknown) = (await Ask("ada@example.org"), await Ask(address));
            Assert.Equal((HttpStatusCode.Accepted, ""), (unknown.StatusCode, await unknown.Content.ReadAsStringAsync()));
            Assert.Equal(known.Headers.ToString(), unknown.Headers.ToString());
            Assert.Equal("code-wrong", await AuthApp.CodeOf(await Confirm(address, "2222-2222")));
        }

        await app.Mails("ada@example.org", "reset-password");
        Assert.Equal(before + 1, app.Bus.Messages<MailRequested>().Count);
        var store = app.Services.GetRequiredService<IDocumentStore>();
        var kept = await store.Query("password_resets", new Query([], []), TestContext.Current.CancellationToken);
        Assert.Equal(3, kept.Items.Count);
        Assert.All(kept.Items, reset => Assert.DoesNotContain("example", System.Text.Encoding.UTF8.GetString(reset.Body.Span), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Five_wrong_codes_make_the_right_one_useless()
    {
        await app.SignUp("ada@example.org");
        await Ask("ada@example.org");
        var code = await app.CodeTo("ada@example.org", "reset-password");
        for (var time = 0; time < 5; time++)
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Confirm("ada@example.org", "2222-2222", $"192.0.2.{time}")).StatusCode);
        }

        Assert.Equal("code-wrong", await AuthApp.CodeOf(await Confirm("ada@example.org", code)));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await Ask("ada@example.org");
        Assert.Equal(HttpStatusCode.NoContent, (await Confirm("ada@example.org", await app.CodeTo("ada@example.org", "reset-password", 2))).StatusCode);
    }

    [Fact]
    public async Task A_code_is_good_for_half_an_hour()
    {
        await app.SignUp("ada@example.org");
        await Ask("ada@example.org");
        var code = await app.CodeTo("ada@example.org", "reset-password");

        app.Clock.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal("code-wrong", await AuthApp.CodeOf(await Confirm("ada@example.org", code)));
    }

    [Fact]
    public async Task Asking_again_at_once_sends_nothing_and_says_so_to_nobody()
    {
        await app.SignUp("ada@example.org");
        Assert.Equal(HttpStatusCode.Accepted, (await Ask("ada@example.org")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await Ask("ada@example.org")).StatusCode);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Accepted, (await Ask("ada@example.org")).StatusCode);

        Assert.Equal(2, (await app.Mails("ada@example.org", "reset-password", 2)).Count);
    }

    [Fact]
    public async Task One_network_does_not_fill_mailboxes()
    {
        for (var time = 0; time < 20; time++)
        {
            Assert.Equal(HttpStatusCode.Accepted, (await Ask($"somebody{time}@example.org")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await Ask("ada@example.org")).StatusCode);
    }

    [Fact]
    public async Task A_password_that_is_easy_to_guess_does_not_use_up_the_code()
    {
        await app.SignUp("ada@example.org");
        await Ask("ada@example.org");
        var code = await app.CodeTo("ada@example.org", "reset-password");

        Assert.Equal("password-too-common", await AuthApp.CodeOf(await Confirm("ada@example.org", code, newPassword: "password123")));
        Assert.Equal(HttpStatusCode.NoContent, (await Confirm("ada@example.org", code)).StatusCode);
    }

    [Fact]
    public async Task A_changed_password_is_told_to_the_owner()
    {
        var ada = await app.SignUp("ada@example.org");

        await app.As(ada, HttpMethod.Put, "me/password", new { currentPassword = AuthApp.Password, newPassword = New });

        await app.Mails("ada@example.org", "password-changed");
    }

    private Task<HttpResponseMessage> Ask(string email) => app.Post("password-resets", new { email });

    private Task<HttpResponseMessage> Confirm(string email, string code, string? from = null, string newPassword = New) =>
        app.Post("password-resets/confirm", new { email, code, newPassword }, from);
}
