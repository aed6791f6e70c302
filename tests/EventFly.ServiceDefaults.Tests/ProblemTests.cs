using System.Net;
using System.Text;
using System.Text.Json;
using EventFly.Testing;

namespace EventFly.ServiceDefaults.Tests;

public sealed class ProblemTests : IAsyncLifetime
{
    private SampleService service = null!;

    public async ValueTask InitializeAsync() => service = await SampleService.Start(settings: ("RequestTimeoutSeconds", "0.3"));

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Theory]
    [InlineData("""{"quantity":0,"name":"a"}""", "validation", "quantity")]
    [InlineData("""{"quantity":11,"name":"a"}""", "validation", "quantity")]
    [InlineData("""{"quantity":1,"name":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""", "validation", "name")]
    [InlineData("""{"quantity":1,"name":"a","lines":[{"name":"a","quantity":99}]}""", "validation", "lines[0].quantity")]
    [InlineData("""{"name":"a"}""", "validation", "quantity")]
    [InlineData("""{"quantity":1}""", "validation", "name")]
    [InlineData("""{"quantity":1,"name":"a","lines":[{"name":"a"}]}""", "validation", "lines[0].quantity")]
    [InlineData("""{"quantity":1.5,"name":"a"}""", "malformed-json", "quantity")]
    [InlineData("""{"quantity":"1","name":"a"}""", "malformed-json", "quantity")]
    [InlineData("""{"quantity":99999999999999999999,"name":"a"}""", "malformed-json", "quantity")]
    [InlineData("""{"quantity":1,"name":null}""", "malformed-json", "name")]
    [InlineData("""{"quantity":1,"name":{}}""", "malformed-json", "name")]
    [InlineData("""{"quantity":""", "malformed-json", null)]
    [InlineData("[]", "malformed-json", null)]
    [InlineData("", "body-required", null)]
    [InlineData("null", "body-required", null)]
    public async Task A_bad_body_is_refused_with_the_field_that_is_wrong(string body, string code, string? field)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var problem = await ProblemOf(await service.Client.PostAsync(new Uri("/api/sample/orders", UriKind.Relative), content), HttpStatusCode.BadRequest, code);

        if (field is not null)
        {
            Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
        }
    }

    [Theory]
    [InlineData("GET", "/api/sample/orders?limit=0", 400, "validation")]
    [InlineData("GET", "/api/sample/orders?limit=x", 400, "validation")]
    [InlineData("GET", "/api/sample/orders?limit=99999999999999", 400, "validation")]
    [InlineData("GET", "/api/sample/orders/00000000-0000-0000-0000-000000000001", 400, "validation")]
    [InlineData("GET", "/api/sample/orders/00000000-0000-0000-0000-000000000001?version=1.5", 400, "validation")]
    [InlineData("GET", "/api/sample/orders/no-guid?version=1", 404, "not-found")]
    [InlineData("GET", "/nowhere", 404, "not-found")]
    [InlineData("DELETE", "/api/sample/orders", 405, "method-not-allowed")]
    [InlineData("GET", "/api/sample/broken", 500, "internal")]
    [InlineData("GET", "/api/sample/storage", 503, "unavailable")]
    [InlineData("GET", "/api/sample/refused", 409, "sold-out")]
    [InlineData("GET", "/api/sample/later", 503, "contended")]
    [InlineData("GET", "/api/sample/slow", 503, "timed-out")]
    [InlineData("GET", "/api/sample/me", 401, "unauthenticated")]
    [InlineData("PUT", "/api/sample/things/1", 428, "if-match-required")]
    public async Task Every_error_is_a_problem_with_a_code(string method, string path, int status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var answer = await service.Client.SendAsync(request);
        var problem = await ProblemOf(answer, (HttpStatusCode)status, code);

        Assert.Equal($"urn:eventfly:problem:{code}", problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("traceId").GetString()));
        Assert.DoesNotContain("the inside", problem.ToString(), StringComparison.Ordinal);
        Assert.Equal(status == 503, answer.Headers.RetryAfter is not null);
        Assert.Empty(answer.Headers.Server);
    }

    [Fact]
    public async Task A_parameter_that_cannot_be_read_is_named()
    {
        var answer = await service.Client.GetAsync(new Uri("/api/sample/orders?limit=x", UriKind.Relative));

        Assert.True((await ProblemOf(answer, HttpStatusCode.BadRequest, "validation")).GetProperty("errors").TryGetProperty("limit", out _));
    }

    [Fact]
    public async Task The_wait_is_told_in_whole_seconds()
    {
        var answer = await service.Client.GetAsync(new Uri("/api/sample/later", UriKind.Relative));

        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task Another_media_type_is_refused()
    {
        using var content = new StringContent("quantity=1", Encoding.UTF8, "text/plain");

        await ProblemOf(
            await service.Client.PostAsync(new Uri("/api/sample/orders", UriKind.Relative), content), HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_refused_whether_or_not_its_length_is_declared(bool declared)
    {
        using var content = new StringContent($$"""{"quantity":1,"name":"{{new string('a', 300 * 1024)}}"}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/sample/orders") { Content = content };
        request.Headers.TransferEncodingChunked = !declared;

        await ProblemOf(await service.Client.SendAsync(request), HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Theory]
    [InlineData("\"v3\"", 200, null)]
    [InlineData("*", 200, null)]
    [InlineData("\"v2\", \"v3\"", 200, null)]
    [InlineData("\"v2\"", 412, "stale")]
    [InlineData("v3", 400, "if-match-malformed")]
    [InlineData("\"v-3\"", 400, "if-match-malformed")]
    public async Task A_write_is_for_the_version_that_was_read(string ifMatch, int status, string? code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/sample/things/1");
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        var answer = await service.Client.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        if (code is not null)
        {
            await ProblemOf(answer, (HttpStatusCode)status, code);
        }
        else
        {
            Assert.Equal("\"v4\"", answer.Headers.ETag!.Tag);
        }
    }

    [Fact]
    public async Task Bad_input_finds_the_endpoint_that_breaks()
    {
        await using var patient = await SampleService.Start();

        var calls = await Assert.ThrowsAsync<InvalidOperationException>(
            () => BadInput.IsAlwaysRefused(patient.Client, [patient.Tokens.ForParticipant()]));

        Assert.Contains("5xx: POST /api/sample/fragile", calls.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("/api/sample/orders", calls.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_may_call_what_can_be_listed()
    {
        var table = EndpointAccess.TableOf(service.Services);

        Assert.Contains("POST /api/sample/edits: permission event.edit", table);
        Assert.Contains("POST /api/sample/orders: anybody", table);
        Assert.Contains("GET /api/sample/tickets: participant", table);
        Assert.Contains("GET /api/sample/any: signed in", table);
    }

    private static async Task<JsonElement> ProblemOf(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(text);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        return problem;
    }
}
