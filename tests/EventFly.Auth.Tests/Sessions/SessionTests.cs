using System.Net;

namespace EventFly.Auth.Tests.Sessions;

public sealed class SessionTests : IDisposable
{
    private readonly AuthApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task Signing_out_takes_effect_at_once()
    {
        var here = await app.SignUp("ada@example.org");
        var there = await app.SignIn("ada@example.org");

        Assert.Equal(HttpStatusCode.NoContent, (await app.As(here, HttpMethod.Delete, "sessions/current")).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Me(here)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.TryRefresh(here.RefreshToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Me(there)).StatusCode);
    }

    [Fact]
    public async Task A_token_of_an_ended_session_stays_refused_until_it_is_out_of_date()
    {
        var ada = await app.SignUp("ada@example.org");
        await app.As(ada, HttpMethod.Delete, "sessions/current");

        app.Clock.Advance(TimeSpan.FromMinutes(9.9));

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Me(ada)).StatusCode);
    }

    [Fact]
    public async Task I_see_my_sessions_and_only_mine()
    {
        await app.SignUp("eve@example.org");
        var first = await app.SignUp("ada@example.org");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await app.SignIn("ada@example.org");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.As(await app.SignIn("ada@example.org"), HttpMethod.Delete, "sessions/current");

        var sessions = await List(second);

        Assert.Equal([second.SessionId, first.SessionId], sessions.Items.Select(session => session.Id));
        Assert.Equal([true, false], sessions.Items.Select(session => session.Current));
        Assert.Null(sessions.Next);
    }

    [Fact]
    public async Task Sessions_come_in_pages()
    {
        var ada = await app.SignUp("ada@example.org");
        for (var time = 0; time < 4; time++)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            await app.SignIn("ada@example.org");
        }

        var seen = new List<Guid>();
        string? next = "";
        while (next is not null)
        {
            var page = await List(ada, $"?limit=2{(next.Length > 0 ? $"&after={next}" : "")}");
            seen.AddRange(page.Items.Select(session => session.Id));
            next = page.Next;
        }

        Assert.Equal((5, 5), (seen.Count, seen.Distinct().Count()));
        Assert.Equal(HttpStatusCode.BadRequest, (await app.As(ada, HttpMethod.Get, "sessions?after=nonsense")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.As(ada, HttpMethod.Get, "sessions?limit=0")).StatusCode);
    }

    [Fact]
    public async Task I_can_end_another_session_of_mine_and_twice_is_harmless()
    {
        var here = await app.SignUp("ada@example.org");
        var there = await app.SignIn("ada@example.org");

        for (var time = 0; time < 2; time++)
        {
            Assert.Equal(HttpStatusCode.NoContent, (await app.As(here, HttpMethod.Delete, $"sessions/{there.SessionId}")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Me(there)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.TryRefresh(there.RefreshToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Me(here)).StatusCode);
    }

    [Fact]
    public async Task A_strangers_session_looks_like_none()
    {
        var ada = await app.SignUp("ada@example.org");
        var eve = await app.SignUp("eve@example.org");

        var strangers = await app.As(eve, HttpMethod.Delete, $"sessions/{ada.SessionId}");
        var none = await app.As(eve, HttpMethod.Delete, $"sessions/{Guid.CreateVersion7()}");

        Assert.Equal(HttpStatusCode.NotFound, strangers.StatusCode);
        Assert.Equal(await AuthApp.CodeOf(none), await AuthApp.CodeOf(strangers));
        Assert.Equal(HttpStatusCode.OK, (await app.Me(ada)).StatusCode);
    }

    [Fact]
    public async Task An_ended_session_stays_ended_when_auth_starts_anew()
    {
        var folder = Directory.CreateTempSubdirectory("eventfly-test-");
        var database = ("ConnectionStrings:auth-db", $"sqlite:{Path.Combine(folder.FullName, "auth.db")}");
        try
        {
            SignedIn ended, going;
            using (var before = new AuthApp(database))
            {
                ended = await before.SignUp("ada@example.org");
                going = await before.SignIn("ada@example.org");
                await before.As(ended, HttpMethod.Delete, "sessions/current");
            }

            using var after = new AuthApp(database);
            Assert.Equal(HttpStatusCode.OK, (await after.Me(going)).StatusCode);
            await Testing.Eventually.True(async () => (await after.Me(ended)).StatusCode is HttpStatusCode.Unauthorized);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<Sessions> List(SignedIn who, string query = "") => await AuthApp.Read<Sessions>(await app.As(who, HttpMethod.Get, $"sessions{query}"));

    private sealed record Sessions(Session[] Items, string? Next = null);

    private sealed record Session(Guid Id, string Client, bool Current);
}
