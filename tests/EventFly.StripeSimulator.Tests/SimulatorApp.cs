using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;

namespace EventFly.StripeSimulator.Tests;

/// <summary>The simulator as it runs, on a free port of this machine.</summary>
public sealed class SimulatorApp : WebApplicationFactory<SimulatorOptions>
{
    public const string SecretKey = "sk_test_simulator";

    private readonly Dictionary<string, string> settings;

    public SimulatorApp(params (string Name, string Value)[] settings)
    {
        this.settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value);
        UseKestrel(static kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        StartServer();
        Address = ClientOptions.BaseAddress;
        Stripe = NewClient();
        Stripe.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SecretKey);
        Stripe.Timeout = TimeSpan.FromSeconds(20);
    }

    public Uri Address { get; }

    /// <summary>With the secret key; follows no redirect.</summary>
    public HttpClient Stripe { get; }

    public HttpClient NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };

    public Task<Reply> Post(string path, params (string Name, string Value)[] form) => Post(path, null, form);

    public async Task<Reply> Post(string path, string? idempotencyKey, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await Stripe.SendAsync(request);
        return await Reply.From(response);
    }

    public async Task<Reply> Get(string path)
    {
        using var response = await Stripe.GetAsync(new Uri(path, UriKind.Relative));
        return await Reply.From(response);
    }

    public Task<Reply> Pay(string method = "pm_card_visa", long amount = 2_500, string? key = null) => Post(
        "/v1/payment_intents", key,
        ("amount", $"{amount}"), ("currency", "eur"), ("confirm", "true"), ("payment_method", method), ("return_url", "https://shop.example/back"));

    public async Task Switch(object switches)
    {
        using var response = await Stripe.PatchAsJsonAsync(new Uri("/_simulator/switches", UriKind.Relative), switches);
        response.EnsureSuccessStatusCode();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (name, value) in settings) builder.UseSetting(name, value);
        builder.ConfigureLogging(logging => logging.ClearProviders());
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Stripe?.Dispose();
        base.Dispose(disposing);
    }
}

public sealed record Reply(int Status, JsonElement Body, string Raw, Dictionary<string, string> Headers)
{
    public string Id => Text("id")!;

    public JsonElement Error => Body.GetProperty("error");

    public string? Text(string name) => Body.GetProperty(name).GetString();

    public long Number(string name) => Body.GetProperty(name).GetInt64();

    public static async Task<Reply> From(HttpResponseMessage response)
    {
        var raw = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType is "application/json";
        return new Reply(
            (int)response.StatusCode, isJson ? JsonDocument.Parse(raw).RootElement : default, raw,
            response.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase));
    }
}
