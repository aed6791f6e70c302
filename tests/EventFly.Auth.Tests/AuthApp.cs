using System.Net.Http.Json;
using System.Text.RegularExpressions;
using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Mail;
using EventFly.Contracts.Mail;
using EventFly.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EventFly.Auth.Tests;

/// <summary>Auth with passwords that cost little and its own tokens.</summary>
public sealed partial class AuthApp(params (string Name, string Value)[] settings) : ServiceApp<Program>
{
    public const string Password = "correct horse battery";

    /// <summary>Believe the fixture's tokens in place of auth's own: they hold whatever session they name.</summary>
    public bool BelievesTestTokens { get; init; }

    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("Auth:Jwks", BelievesTestTokens ? Tokens.Jwks : ""),
        new("Passwords:Iterations", "1000"),
        new("SigningKeys:LookEvery", "00:30:00"),
        .. settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value)),
    ];

    public async Task<SignedIn> SignUp(string email, string role = "participants", string name = "Ada") =>
        await Read<SignedIn>(await Post(role, new { email, password = Password, name }));

    public async Task<SignedIn> SignIn(string email, string password = Password) => await Read<SignedIn>(await Post("sessions", new { email, password }));

    public async Task<SignedIn> Refresh(string refreshToken) => await Read<SignedIn>(await TryRefresh(refreshToken));

    public Task<HttpResponseMessage> TrySignIn(string email, string password = Password) => Post("sessions", new { email, password });

    public Task<HttpResponseMessage> TryRefresh(string refreshToken) => Post("sessions/refresh", new { refreshToken });

    public async Task<HttpResponseMessage> Post(string path, object body, string? from = null)
    {
        using var client = CreateClient();
        if (from is not null)
        {
            client.DefaultRequestHeaders.Add("X-Forwarded-For", from);
        }

        return await client.PostAsJsonAsync($"/api/auth/{path}", body);
    }

    /// <summary>All mails of one kind to an address, as they were sealed, the oldest first; waits until there are so many.</summary>
    public async Task<IReadOnlyList<Mail>> Mails(string to, string kind, int atLeast = 1)
    {
        var seal = Services.GetRequiredService<MailSeal>();
        IReadOnlyList<Mail> found = [];
        await Eventually.True(
            () => (found = [.. Bus.Messages<MailRequested>().Where(mail => mail.Kind == kind).Select(seal.Open).Where(mail => mail.To == to)]).Count >= atLeast,
            $"{atLeast} mails {kind} are sent to {to}");
        return found;
    }

    /// <summary>The code of the last mail of one kind to an address.</summary>
    public async Task<string> CodeTo(string to, string kind, int atLeast = 1) => Code().Match((await Mails(to, kind, atLeast))[^1].Text).Value;

    [GeneratedRegex("[2-9A-Z]{4}-[2-9A-Z]{4}")]
    private static partial Regex Code();

    public async Task<HttpResponseMessage> As(SignedIn who, HttpMethod method, string path, object? body = null)
    {
        using var client = CreateClient(who.AccessToken);
        using var request = new HttpRequestMessage(method, $"/api/auth/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        return await client.SendAsync(request);
    }

    public Task<HttpResponseMessage> Me(SignedIn who) => As(who, HttpMethod.Get, "me");

    public static async Task<T> Read<T>(HttpResponseMessage response)
    {
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return (await response.Content.ReadFromJsonAsync<T>(EventFlyJson.Options))!;
    }

    /// <summary>Says which refusal it was.</summary>
    public static async Task<string> CodeOf(HttpResponseMessage response) => (await Problem(response)).Code;

    public static async Task<Problem> Problem(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = (await response.Content.ReadFromJsonAsync<Problem>(EventFlyJson.Options))!;
        Assert.Equal((int)response.StatusCode, problem.Status);
        return problem;
    }
}

public sealed record SignedIn(
    AccountBody Account, Guid SessionId, string TokenType, string AccessToken, int ExpiresIn, string RefreshToken, DateTimeOffset RefreshExpiresAt);

public sealed record AccountBody(
    Guid Id, string Email, string Name, string[] Roles, Guid? OrganizationId, string[] Permissions, DateTimeOffset CreatedAt, bool EmailVerified = false);

public sealed record Problem(string Type, string Title, int Status, string Detail, string Code, Dictionary<string, string[]>? Errors = null);
