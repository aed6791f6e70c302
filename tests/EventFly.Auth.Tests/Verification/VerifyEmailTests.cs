using System.Net;
using System.Text;
using System.Text.Json;
using EventFly.Contracts.Mail;
using Microsoft.IdentityModel.Tokens;

namespace EventFly.Auth.Tests.Verification;

public sealed class VerifyEmailTests : IDisposable
{
    private readonly AuthApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task The_code_that_came_at_sign_up_verifies_the_address_and_the_next_token_says_so()
    {
        var ada = await app.SignUp("ada@example.org");
        Assert.False(ada.Account.EmailVerified);
        Assert.False(SaysVerified(ada));

        var verified = await AuthApp.Read<AccountBody>(await Verify(ada, await app.CodeTo("ada@example.org", "verify-email")));

        Assert.True(verified.EmailVerified);
        Assert.True((await AuthApp.Read<AccountBody>(await app.Me(ada))).EmailVerified);
        Assert.True(SaysVerified(await app.Refresh(ada.RefreshToken)));
    }

    [Fact]
    public async Task Doing_it_twice_is_harmless()
    {
        var ada = await app.SignUp("ada@example.org");
        var code = await app.CodeTo("ada@example.org", "verify-email");

        Assert.Equal(HttpStatusCode.OK, (await Verify(ada, code)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Verify(ada, code)).StatusCode);
    }

    [Fact]
    public async Task A_wrong_code_verifies_nothing_and_names_the_field()
    {
        var ada = await app.SignUp("ada@example.org");

        var wrong = await Verify(ada, "2222-2222");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        var problem = await AuthApp.Problem(wrong);
        Assert.Equal("code-wrong", problem.Code);
        Assert.Equal(["code"], problem.Errors!.Keys);
        Assert.False((await AuthApp.Read<AccountBody>(await app.Me(ada))).EmailVerified);
    }

    [Fact]
    public async Task Wrong_codes_that_come_at_once_all_count()
    {
        var ada = await app.SignUp("ada@example.org");
        var code = await app.CodeTo("ada@example.org", "verify-email");

        var wrong = await Task.WhenAll(Enumerable.Range(0, 5).Select(number => Verify(ada, $"2222-222{number + 2}")));

        Assert.All(wrong, answer => Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Verify(ada, code)).StatusCode);
    }

    [Fact]
    public async Task Somebody_elses_code_is_a_wrong_one()
    {
        var ada = await app.SignUp("ada@example.org");
        await app.SignUp("eve@example.org");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Verify(ada, await app.CodeTo("eve@example.org", "verify-email"))).StatusCode);
    }

    [Fact]
    public async Task A_code_is_good_for_a_day()
    {
        var ada = await app.SignUp("ada@example.org");
        var code = await app.CodeTo("ada@example.org", "verify-email");

        app.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Verify(await app.Refresh(ada.RefreshToken), code)).StatusCode);
    }

    [Fact]
    public async Task Another_code_replaces_the_first_but_not_within_a_minute()
    {
        var ada = await app.SignUp("ada@example.org");
        var first = await app.CodeTo("ada@example.org", "verify-email");
        var early = await SendAgain(ada);
        Assert.Equal(HttpStatusCode.TooManyRequests, early.StatusCode);
        Assert.Equal(TimeSpan.FromMinutes(1), early.Headers.RetryAfter?.Delta);

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Accepted, (await SendAgain(ada)).StatusCode);

        var second = await app.CodeTo("ada@example.org", "verify-email", 2);
        Assert.NotEqual(first, second);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Verify(ada, first)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Verify(ada, second)).StatusCode);
        Assert.Equal("email-verified-already", await AuthApp.CodeOf(await SendAgain(ada)));
    }

    [Fact]
    public async Task Five_codes_a_day_are_enough()
    {
        var ada = await app.SignUp("ada@example.org");
        for (var time = 0; time < 4; time++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(2));
            Assert.Equal(HttpStatusCode.Accepted, (await SendAgain(ada)).StatusCode);
        }

        app.Clock.Advance(TimeSpan.FromMinutes(2));
        var sixth = await SendAgain(await app.Refresh(ada.RefreshToken));

        Assert.Equal(HttpStatusCode.TooManyRequests, sixth.StatusCode);
        Assert.Equal(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(10), sixth.Headers.RetryAfter?.Delta);
        Assert.Equal(5, (await app.Mails("ada@example.org", "verify-email", 5)).Count);
    }

    [Fact]
    public async Task Asking_ten_times_at_once_sends_one_mail()
    {
        var ada = await app.SignUp("ada@example.org");
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SendAgain(ada)));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Accepted);
        Assert.Equal(2, (await app.Mails("ada@example.org", "verify-email", 2)).Count);
    }

    [Fact]
    public async Task No_address_and_no_code_is_in_clear_on_the_bus()
    {
        await app.SignUp("ada@example.org");
        var code = await app.CodeTo("ada@example.org", "verify-email");

        Assert.NotEmpty(app.Bus.Messages<MailRequested>());
        Assert.All(app.Bus.Published, announcement =>
        {
            var text = Encoding.UTF8.GetString(announcement.Envelope.Span);
            Assert.DoesNotContain("ada@example.org", text, StringComparison.Ordinal);
            Assert.DoesNotContain(code, text, StringComparison.Ordinal);
        });
    }

    private Task<HttpResponseMessage> Verify(SignedIn who, string code) => app.As(who, HttpMethod.Post, "me/email/verification", new { code });

    private Task<HttpResponseMessage> SendAgain(SignedIn who) => app.As(who, HttpMethod.Post, "me/email/verification/code");

    private static bool SaysVerified(SignedIn who) =>
        JsonElement.Parse(Base64UrlEncoder.DecodeBytes(who.AccessToken.Split('.')[1])).GetProperty("email_verified").GetBoolean();
}
