using System.Security.Cryptography;

namespace EventFly.Demo;

/// <summary>Somebody with an account, and the tokens of their sign-in.</summary>
internal sealed class Person(string name)
{
    public string Name => name;

    public string Email { get; } = $"{name.Split(' ')[0].ToLowerInvariant()}-{Guid.CreateVersion7():N}@example.org";

    public string AccessToken { get; private set; } = "";

    private string RefreshToken { get; set; } = "";

    public async Task SignUp(Gateway gateway, string kind, CancellationToken cancellationToken) => Take(await gateway.Call(
        HttpMethod.Post, $"/api/auth/{kind}", null, new { email = Email, password = RandomNumberGenerator.GetHexString(24), name }, cancellationToken));

    /// <summary>Fetches new tokens. True when they speak for an organisation.</summary>
    public async Task<bool> Refresh(Gateway gateway, CancellationToken cancellationToken) =>
        Take(await gateway.Call(HttpMethod.Post, "/api/auth/sessions/refresh", null, new { refreshToken = RefreshToken }, cancellationToken));

    private bool Take(System.Text.Json.JsonElement signedIn)
    {
        (AccessToken, RefreshToken) = (signedIn.Get("accessToken").GetString()!, signedIn.Get("refreshToken").GetString()!);
        return signedIn.Get("account").Text("organizationId") is not null;
    }
}
