using System.Net;

namespace EventFly.Auth.Tests.Accounts;

public sealed class AccountTests : IDisposable
{
    private readonly AuthApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task I_see_my_account()
    {
        var ada = await app.SignUp("ada@example.org");

        var me = await AuthApp.Read<AccountBody>(await app.Me(ada));

        Assert.Equivalent(ada.Account, me, strict: true);
    }

    [Fact]
    public async Task Without_a_token_nobody_is_anybody()
    {
        using var client = app.CreateClient();

        foreach (var (method, path) in new[] { ("GET", "me"), ("PUT", "me/name"), ("PUT", "me/password"), ("GET", "sessions"), ("DELETE", "sessions/current") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/auth/{path}");
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync(request)).StatusCode);
        }
    }

    [Fact]
    public async Task I_can_change_my_name_and_doing_it_twice_is_harmless()
    {
        var ada = await app.SignUp("ada@example.org");

        for (var time = 0; time < 2; time++)
        {
            var renamed = await AuthApp.Read<AccountBody>(await app.As(ada, HttpMethod.Put, "me/name", new { name = " Countess " }));
            Assert.Equal("Countess", renamed.Name);
        }

        Assert.Equal("Countess", (await AuthApp.Read<AccountBody>(await app.Me(ada))).Name);
    }

    [Fact]
    public async Task A_new_password_replaces_the_old_one_and_ends_my_other_sessions()
    {
        var here = await app.SignUp("ada@example.org");
        var there = await app.SignIn("ada@example.org");

        var changed = await app.As(here, HttpMethod.Put, "me/password", new { currentPassword = AuthApp.Password, newPassword = "another good one" });

        Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.TrySignIn("ada@example.org")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await app.TrySignIn("ada@example.org", "another good one")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Me(there)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.TryRefresh(there.RefreshToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Me(here)).StatusCode);
        var refreshed = await app.Refresh(here.RefreshToken);
        Assert.Equal(HttpStatusCode.OK, (await app.Me(await app.Refresh(refreshed.RefreshToken))).StatusCode);
    }

    [Fact]
    public async Task The_session_that_changed_the_password_ends_with_the_next_change_elsewhere()
    {
        var first = await app.SignUp("ada@example.org");
        await app.As(first, HttpMethod.Put, "me/password", new { currentPassword = AuthApp.Password, newPassword = "another good one" });
        var second = await app.SignIn("ada@example.org", "another good one");

        await app.As(second, HttpMethod.Put, "me/password", new { currentPassword = "another good one", newPassword = "yet another good one" });

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.TryRefresh(first.RefreshToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.TryRefresh(second.RefreshToken)).StatusCode);
    }

    [Fact]
    public async Task Without_the_old_password_there_is_no_new_one_and_no_endless_guessing()
    {
        var ada = await app.SignUp("ada@example.org");

        for (var guess = 0; guess < 5; guess++)
        {
            var wrong = await app.As(ada, HttpMethod.Put, "me/password", new { currentPassword = $"guess number {guess}", newPassword = "another good one" });
            Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
            Assert.Equal("wrong-password", await AuthApp.CodeOf(wrong));
        }

        var limited = await app.As(ada, HttpMethod.Put, "me/password", new { currentPassword = AuthApp.Password, newPassword = "another good one" });
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
        app.Clock.Advance(TimeSpan.FromSeconds(15));
        await app.SignIn("ada@example.org");
    }

    [Fact]
    public async Task A_new_password_must_be_a_good_one_too()
    {
        var ada = await app.SignUp("ada@example.org");

        var response = await app.As(ada, HttpMethod.Put, "me/password", new { currentPassword = AuthApp.Password, newPassword = "password123" });

        Assert.Equal(["newPassword"], (await AuthApp.Problem(response)).Errors!.Keys);
    }
}
