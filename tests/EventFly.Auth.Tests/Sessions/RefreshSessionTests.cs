using System.Net;

namespace EventFly.Auth.Tests.Sessions;

public sealed class RefreshSessionTests : IDisposable
{
    private static readonly TimeSpan AfterGrace = TimeSpan.FromSeconds(31);

    private readonly AuthApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task A_refresh_gives_new_tokens_of_the_same_session()
    {
        var first = await app.SignUp("ada@example.org");

        var second = await app.Refresh(first.RefreshToken);
        var third = await app.Refresh(second.RefreshToken);

        Assert.Equal(first.SessionId, third.SessionId);
        Assert.Equal(3, new[] { first.RefreshToken, second.RefreshToken, third.RefreshToken }.Distinct().Count());
        Assert.Equal(HttpStatusCode.OK, (await app.Me(third)).StatusCode);
    }

    [Fact]
    public async Task The_access_token_is_good_for_ten_minutes_and_the_refresh_token_longer()
    {
        var ada = await app.SignUp("ada@example.org");

        app.Clock.Advance(TimeSpan.FromMinutes(9.9));
        Assert.Equal(HttpStatusCode.OK, (await app.Me(ada)).StatusCode);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Me(ada)).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await app.Me(await app.Refresh(ada.RefreshToken))).StatusCode);
    }

    [Fact]
    public async Task A_lost_answer_is_given_once_more()
    {
        var ada = await app.SignUp("ada@example.org");

        var lost = await app.Refresh(ada.RefreshToken);
        app.Clock.Advance(TimeSpan.FromSeconds(29));
        var again = await app.Refresh(ada.RefreshToken);

        Assert.Equal(lost.RefreshToken, again.RefreshToken);
        await app.Refresh(again.RefreshToken);
    }

    [Fact]
    public async Task Two_refreshes_at_once_get_the_same_successor()
    {
        var ada = await app.SignUp("ada@example.org");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.Refresh(ada.RefreshToken)));

        Assert.Single(answers.Select(answer => answer.RefreshToken).Distinct());
        await app.Refresh(answers[0].RefreshToken);
    }

    [Fact]
    public async Task A_replaced_token_that_comes_back_later_ends_the_whole_session_at_once()
    {
        var stolen = await app.SignUp("ada@example.org");
        var other = await app.SignIn("ada@example.org");
        var owner = await app.Refresh(stolen.RefreshToken);
        app.Clock.Advance(AfterGrace);

        var thief = await app.TryRefresh(stolen.RefreshToken);

        Assert.Equal(HttpStatusCode.Unauthorized, thief.StatusCode);
        Assert.Equal("invalid-refresh-token", await AuthApp.CodeOf(thief));
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.TryRefresh(owner.RefreshToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Me(owner)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Me(other)).StatusCode);
    }

    [Fact]
    public async Task A_token_from_long_ago_ends_the_session_too_even_within_the_grace_of_a_later_refresh()
    {
        var first = await app.SignUp("ada@example.org");
        var second = await app.Refresh(first.RefreshToken);
        var third = await app.Refresh(second.RefreshToken);

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.TryRefresh(first.RefreshToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.TryRefresh(third.RefreshToken)).StatusCode);
    }

    [Fact]
    public async Task Whoever_only_knows_a_sessions_id_cannot_end_it()
    {
        var ada = await app.SignUp("ada@example.org");
        var eve = await app.SignUp("eve@example.org");
        var made = Decode(eve.RefreshToken);
        Decode(ada.RefreshToken).AsSpan(0, 16).CopyTo(made);

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.TryRefresh(Encode(made))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.TryRefresh(ada.RefreshToken)).StatusCode);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("not a token, but of some length; not a token, but of some length; not a token, but of")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task What_is_no_token_is_refused(string token)
    {
        var response = await app.TryRefresh(token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid-refresh-token", await AuthApp.CodeOf(response));
    }

    [Fact]
    public async Task A_session_that_nobody_uses_for_14_days_is_over()
    {
        var ada = await app.SignUp("ada@example.org");
        app.Clock.Advance(TimeSpan.FromDays(13));
        var refreshed = await app.Refresh(ada.RefreshToken);
        app.Clock.Advance(TimeSpan.FromDays(13));
        refreshed = await app.Refresh(refreshed.RefreshToken);
        app.Clock.Advance(TimeSpan.FromDays(14));

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.TryRefresh(refreshed.RefreshToken)).StatusCode);
    }

    [Fact]
    public async Task After_90_days_everybody_signs_in_again()
    {
        var ada = await app.SignUp("ada@example.org");
        var began = app.Clock.Now;
        while (app.Clock.Now < began.AddDays(80))
        {
            app.Clock.Advance(TimeSpan.FromDays(10));
            ada = await app.Refresh(ada.RefreshToken);
        }

        Assert.Equal(began.AddDays(90), ada.RefreshExpiresAt);
        app.Clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.TryRefresh(ada.RefreshToken)).StatusCode);
    }

    private static byte[] Decode(string token) => System.Buffers.Text.Base64Url.DecodeFromChars(token);

    private static string Encode(byte[] token) => System.Buffers.Text.Base64Url.EncodeToString(token);
}
