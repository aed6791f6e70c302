using System.Net;
using System.Net.Http.Headers;
using EventFly.Testing;

namespace EventFly.Gateway.Tests;

/// <summary>The gateway on a real port with two services behind it; the other three are not there.</summary>
internal sealed class GatewayApp : IAsyncDisposable
{
    private readonly Running running;

    private GatewayApp(Running running, Backend auth, Backend payments)
    {
        (this.running, Auth, Payments) = (running, auth, payments);
        running.UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        running.StartServer();
        Client = running.CreateClient();
    }

    public Backend Auth { get; private set; }

    public Backend Payments { get; }

    public HttpClient Client { get; }

    public TestTokens Tokens => running.Tokens;

    public FakeClock Clock => running.Clock;

    public static async Task<GatewayApp> Start(params (string Name, string? Value)[] settings)
    {
        var (auth, payments) = (await Backend.Start("auth"), await Backend.Start("payments"));
        return new GatewayApp(
            new Running(
            [
                new("services:auth:http:0", auth.Address.ToString()),
                new("services:payments:http:0", payments.Address.ToString()),
                // Nothing listens on port 1.
                new("services:events:http:0", "http://127.0.0.1:1"),
                .. settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value)),
            ]),
            auth,
            payments);
    }

    public HttpClient ClientWith(string token)
    {
        var client = new HttpClient { BaseAddress = Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async Task StopAuth() => await Auth.DisposeAsync();

    public async Task StartAuthAgain(Uri address) => Auth = await Backend.Start("auth", address.ToString());

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await running.DisposeAsync();
        await Auth.DisposeAsync();
        await Payments.DisposeAsync();
    }

    private sealed class Running(IEnumerable<KeyValuePair<string, string?>> settings) : ServiceApp<Program>
    {
        protected override IEnumerable<KeyValuePair<string, string?>> Settings => settings;
    }
}
