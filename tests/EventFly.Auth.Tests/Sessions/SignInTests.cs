using System.Net;
using System.Text.Json.Nodes;

namespace EventFly.Auth.Tests.Sessions;

public sealed class SignInTests : IDisposable
{
    private readonly AuthApp app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task The_right_password_opens_a_new_session()
    {
        var ada = await app.SignUp("ada@example.org");

        var response = await app.TrySignIn(" ADA@example.org");
        var again = await AuthApp.Read<SignedIn>(response);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal(ada.Account.Id, again.Account.Id);
        Assert.NotEqual(ada.SessionId, again.SessionId);
        Assert.Equal(HttpStatusCode.OK, (await app.Me(again)).StatusCode);
    }

    [Fact]
    public async Task Nobody_learns_from_the_answer_whether_an_account_exists()
    {
        await app.SignUp("ada@example.org");

        var wrong = await Answer("ada@example.org");

        Assert.StartsWith("401 ", wrong);
        Assert.Contains("wrong-credentials", wrong);
        Assert.Equal(wrong, await Answer("nobody@example.org"));
        Assert.Equal(wrong, await Answer("no address at all"));
    }

    [Fact]
    public async Task The_right_password_costs_no_try()
    {
        await app.SignUp("ada@example.org");

        for (var time = 0; time < 25; time++)
        {
            await app.SignIn("ada@example.org");
        }
    }

    [Fact]
    public async Task A_password_that_was_hashed_cheaply_is_hashed_anew()
    {
        var folder = Directory.CreateTempSubdirectory("eventfly-test-");
        var database = ("ConnectionStrings:auth-db", $"sqlite:{Path.Combine(folder.FullName, "auth.db")}");
        try
        {
            using (var cheap = new AuthApp(database))
            {
                await cheap.SignUp("ada@example.org");
            }

            using var dear = new AuthApp(database, ("Passwords:Iterations", "5000"));
            var before = await StoredHash(dear);
            await dear.SignIn("ada@example.org");

            Assert.Equal((1000, 5000), (IterationsOf(before), IterationsOf(await StoredHash(dear))));
            await dear.SignIn("ada@example.org");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task When_too_many_wait_for_their_turn_the_next_is_asked_to_come_back()
    {
        using var small = new AuthApp(("Passwords:Parallel", "1"), ("Passwords:Waiting", "1"), ("Passwords:Iterations", "300000"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(one => small.TrySignIn($"somebody{one}@example.org")));

        var busy = answers.Where(answer => answer.StatusCode is HttpStatusCode.ServiceUnavailable).ToArray();
        Assert.NotEmpty(busy);
        Assert.NotNull(busy[0].Headers.RetryAfter);
        Assert.Contains(answers, answer => answer.StatusCode is HttpStatusCode.Unauthorized);
        Assert.Equal("busy", await AuthApp.CodeOf(busy[0]));
    }

    private static async Task<string> StoredHash(AuthApp auth)
    {
        var store = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<EventFly.BuildingBlocks.Documents.IDocumentStore>(auth.Services);
        var accounts = await store.Query("accounts", new EventFly.BuildingBlocks.Documents.Query([], []), TestContext.Current.CancellationToken);
        return JsonNode.Parse(accounts.Items.Single().Body.Span)!["passwordHash"]!.GetValue<string>();
    }

    /// <summary>The framework's format: one byte of version, four of the function, four of the iterations.</summary>
    private static int IterationsOf(string hash) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(Convert.FromBase64String(hash).AsSpan(5));

    private async Task<string> Answer(string email)
    {
        using var response = await app.TrySignIn(email, "wrong");
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        body.Remove("traceId");
        return $"{(int)response.StatusCode} {response.Headers} {response.Content.Headers.ContentType} {body.ToJsonString()}";
    }
}
