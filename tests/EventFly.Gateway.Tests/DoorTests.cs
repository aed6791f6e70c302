using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace EventFly.Gateway.Tests;

public sealed class DoorTests : IAsyncLifetime
{
    private GatewayApp gateway = null!;

    public async ValueTask InitializeAsync() =>
        gateway = await GatewayApp.Start(("Gateway:AnswerSeconds", "1"), ("Cors:Origins", "https://tickets.example.org, https://other.example.org"));

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task A_request_reaches_the_service_that_its_path_names_as_it_was_sent()
    {
        Assert.Equal("auth heard it", await gateway.Client.GetStringAsync(new Uri("/api/auth/a%20b/c?d=e&f=%2F", UriKind.Relative)));

        var seen = Assert.Single(gateway.Auth.Requests);
        Assert.Equal("/api/auth/a%20b/c?d=e&f=%2F", seen.Path);
        Assert.Empty(gateway.Payments.Requests);
    }

    [Fact]
    public async Task Stripes_webhook_arrives_byte_for_byte()
    {
        var body = Encoding.UTF8.GetBytes("{ \"id\" :\t\"evt_1\",\r\n \"ü\": 1.0 }\n");
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-8");
        content.Headers.TryAddWithoutValidation("Stripe-Signature", "t=1,v1=abc");

        (await gateway.Client.PostAsync(new Uri("/api/payments/stripe/webhook", UriKind.Relative), content)).EnsureSuccessStatusCode();

        var seen = Assert.Single(gateway.Payments.Requests);
        Assert.Equal(body, seen.Body);
        Assert.Equal("t=1,v1=abc", seen.Headers["Stripe-Signature"]);
        Assert.Equal("application/json; charset=utf-8", seen.Headers["Content-Type"]);
    }

    [Fact]
    public async Task A_good_token_goes_on_to_the_service_and_so_does_none()
    {
        var token = gateway.Tokens.ForParticipant();
        using var signedIn = gateway.ClientWith(token);

        await signedIn.GetStringAsync(new Uri("/api/auth/me", UriKind.Relative));
        await gateway.Client.GetStringAsync(new Uri("/api/auth/open", UriKind.Relative));

        Assert.Equal(["Bearer " + token, null], gateway.Auth.Requests.Select(seen => seen.Headers.GetValueOrDefault("Authorization")));
    }

    [Fact]
    public async Task The_token_of_a_door_device_goes_on_to_the_service_that_knows_devices()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/open");
        request.Headers.TryAddWithoutValidation("Authorization", "Device 0190.abc");

        await gateway.Client.SendAsync(request);

        Assert.Equal("Device 0190.abc", Assert.Single(gateway.Auth.Requests).Headers.GetValueOrDefault("Authorization"));
    }

    [Theory]
    [InlineData("Bearer x")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Basic dTpw")]
    public async Task A_bad_token_ends_at_the_door(string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/me");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);

        await IsProblem(await gateway.Client.SendAsync(request), HttpStatusCode.Unauthorized, "invalid-token");
        Assert.Empty(gateway.Auth.Requests);
    }

    [Theory]
    [InlineData("/api/auth/me")]
    [InlineData("/nowhere")]
    [InlineData("/api/events/gone")]
    public async Task Every_answer_tells_browsers_what_they_must_not_do(string path)
    {
        var answer = await gateway.Client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Contains("default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.NotEmpty(answer.Headers.GetValues("X-Request-Id"));
        Assert.Empty(answer.Headers.Server);
    }

    [Theory]
    [InlineData("buy-7", true)]
    [InlineData("bad id with spaces", false)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789", false)]
    public async Task A_request_keeps_its_name_on_the_way_when_the_name_is_harmless(string id, bool isKept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/me");
        request.Headers.TryAddWithoutValidation("X-Request-Id", id);
        var answer = await gateway.Client.SendAsync(request);

        var told = Assert.Single(answer.Headers.GetValues("X-Request-Id"));
        Assert.Equal(isKept, told == id);
        Assert.Equal(told, Assert.Single(gateway.Auth.Requests).Headers["X-Request-Id"]);
    }

    [Fact]
    public async Task The_trace_goes_on_behind_the_gateway()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/me");
        request.Headers.TryAddWithoutValidation("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        await gateway.Client.SendAsync(request);

        var forwarded = Assert.Single(gateway.Auth.Requests).Headers["traceparent"];
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", forwarded, StringComparison.Ordinal);
        Assert.DoesNotContain("b7ad6b7169203331", forwarded, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://tickets.example.org", true)]
    [InlineData("https://other.example.org", true)]
    [InlineData("https://evil.example.org", false)]
    public async Task Only_named_origins_may_call_from_a_browser(string origin, bool isAllowed)
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/auth/me");
        preflight.Headers.TryAddWithoutValidation("Origin", origin);
        preflight.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "PUT");
        preflight.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", "if-match");
        var answer = await gateway.Client.SendAsync(preflight);

        Assert.Equal(isAllowed, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) && allowed.Single() == origin);
        Assert.Empty(gateway.Auth.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_refused(bool declared)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/me") { Content = new ByteArrayContent(new byte[300 * 1024]) };
        request.Headers.TransferEncodingChunked = !declared;

        await IsProblem(await gateway.Client.SendAsync(request), HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Theory]
    [InlineData("/api/events/list", 502, "bad-gateway")]
    [InlineData("/api/organizations/list", 503, "unavailable")]
    [InlineData("/api/auth/broken", 502, "bad-gateway")]
    [InlineData("/api/auth/slow", 504, "gateway-timeout")]
    [InlineData("/api/unknown/list", 404, "not-found")]
    public async Task What_goes_wrong_behind_the_door_is_a_problem_too(string path, int status, string code) =>
        await IsProblem(await gateway.Client.GetAsync(new Uri(path, UriKind.Relative)), (HttpStatusCode)status, code);

    [Fact]
    public async Task The_service_says_itself_that_it_took_too_long()
    {
        // The door's own limit for a request is long over when the service answers; only the longer one for services counts.
        await using var impatient = await GatewayApp.Start(("RequestTimeoutSeconds", "0.05"));

        var answer = await impatient.Client.PostAsync(new Uri("/api/auth/later", UriKind.Relative), new StringContent("{}"));

        Assert.Equal("auth heard it", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_service_that_comes_back_is_reached_at_once()
    {
        var address = gateway.Auth.Address;
        await gateway.StopAuth();
        for (var attempt = 0; attempt < 20; attempt++)
        {
            Assert.True((await gateway.Client.GetAsync(new Uri("/api/auth/me", UriKind.Relative))).StatusCode >= HttpStatusCode.BadGateway);
        }

        await gateway.StartAuthAgain(address);

        Assert.Equal(HttpStatusCode.OK, (await gateway.Client.GetAsync(new Uri("/api/auth/me", UriKind.Relative))).StatusCode);
    }

    [Theory]
    [InlineData("/api/auth/../../metrics")]
    [InlineData("/api/auth/%2e%2e/%2e%2e/metrics")]
    [InlineData("/api/auth/..%2f..%2fmetrics")]
    [InlineData("/api/auth/..%5c..%5cmetrics")]
    [InlineData("/api/auth/internal/secrets")]
    [InlineData("/api/auth/INTERNAL/secrets")]
    [InlineData("/api/auth/internal")]
    [InlineData("/api/auth//internal//secrets")]
    [InlineData("/internal/secrets")]
    public async Task What_is_for_insiders_has_no_door(string path)
    {
        // Written to the socket as it is, for clients tidy such paths up themselves.
        using var socket = new System.Net.Sockets.TcpClient("127.0.0.1", gateway.Client.BaseAddress!.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();

        Assert.Empty(gateway.Auth.Requests);
        Assert.DoesNotContain("secret_metric", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_names_every_service()
    {
        gateway.Payments.Health = "degraded";
        var answer = await gateway.Client.GetAsync(new Uri("/health", UriKind.Relative));
        var health = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var checks = health.GetProperty("checks");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("unhealthy", health.GetProperty("status").GetString());
        Assert.Equal("healthy", checks.GetProperty("auth").GetProperty("status").GetString());
        Assert.Equal("degraded", checks.GetProperty("payments").GetProperty("status").GetString());
        Assert.Equal("unhealthy", checks.GetProperty("events").GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.OK, (await gateway.Client.GetAsync(new Uri("/alive", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task All_descriptions_are_one()
    {
        var api = await gateway.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        Assert.Equal(["/api/auth/things", "/api/payments/things"], api.GetProperty("paths").EnumerateObject().Select(path => path.Name));
        Assert.Equal(["auth.Request", "payments.Request"], api.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name));
        Assert.Contains("#/components/schemas/payments.Request", api.GetProperty("paths").GetProperty("/api/payments/things").ToString(), StringComparison.Ordinal);
        Assert.Equal(["organizations", "events", "participants"], api.GetProperty("x-missing").EnumerateArray().Select(service => service.GetString()));
    }

    [Fact]
    public async Task The_description_has_a_page_that_loads_nothing_from_elsewhere()
    {
        var page = await gateway.Client.GetStringAsync(new Uri("/openapi", UriKind.Relative));

        Assert.Contains("/openapi/page.js", page, StringComparison.Ordinal);
        Assert.DoesNotContain("//", page.Replace("<!doctype", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("fetch('/openapi/v1.json')", await gateway.Client.GetStringAsync(new Uri("/openapi/page.js", UriKind.Relative)), StringComparison.Ordinal);
        Assert.NotEmpty(await gateway.Client.GetStringAsync(new Uri("/openapi/page.css", UriKind.Relative)));
    }

    private static async Task IsProblem(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, JsonElement.Parse(text).GetProperty("code").GetString());
    }
}
