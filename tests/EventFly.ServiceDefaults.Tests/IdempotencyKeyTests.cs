using System.Net;
using System.Text;
using System.Text.Json;
using EventFly.BuildingBlocks.Http;
using EventFly.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EventFly.ServiceDefaults.Tests;

public sealed class IdempotencyKeyTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("eventfly-test-").FullName;
    private readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SampleService service = null!;
    private int handled;

    public async ValueTask InitializeAsync() => service = await SampleService.Start(
        builder =>
        {
            builder.AddDatabase("sample-db");
            builder.Services.AddIdempotencyKeys();
        },
        app =>
        {
            app.MapPost("/api/sample/posts", (OrderRequest request, HttpResponse response) =>
            {
                response.SetETag(1);
                return TypedResults.Created($"/api/sample/posts/{Interlocked.Increment(ref handled)}", request);
            }).RequireSignIn().WithIdempotencyKey();
            app.MapPost("/api/sample/waits", async (CancellationToken cancellationToken) =>
            {
                Interlocked.Increment(ref handled);
                await gate.Task.WaitAsync(cancellationToken);
                return TypedResults.Ok();
            }).RequireSignIn().WithIdempotencyKey();
            app.MapPost("/api/sample/breaks", IResult () => Interlocked.Increment(ref handled) == 1 ? throw new InvalidOperationException("once") : TypedResults.NoContent())
                .RequireSignIn().WithIdempotencyKey();
        },
        ("ConnectionStrings:sample-db", $"sqlite:{Path.Combine(folder, "sample.db")}"));

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_repeated_request_is_handled_once_and_answered_the_same()
    {
        using var client = service.ClientWith(service.Tokens.ForParticipant());
        var first = await Post(client, "posts", "key-1");
        var second = await Post(client, "posts", "key-1");

        Assert.Equal(1, handled);
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal("\"v1\"", second.Headers.ETag!.Tag);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal("true", Assert.Single(second.Headers.GetValues("Idempotency-Replayed")));

        await Post(client, "posts", "key-2");
        await Post(client, "posts", null);
        await Post(client, "posts", null);
        Assert.Equal(4, handled);
    }

    [Fact]
    public async Task A_key_is_its_callers_own()
    {
        using var alice = service.ClientWith(service.Tokens.ForParticipant());
        using var bob = service.ClientWith(service.Tokens.ForParticipant());

        Assert.NotEqual((await Post(alice, "posts", "key-1")).Headers.Location, (await Post(bob, "posts", "key-1")).Headers.Location);
    }

    [Fact]
    public async Task A_key_that_comes_with_another_body_is_refused()
    {
        using var client = service.ClientWith(service.Tokens.ForParticipant());
        await Post(client, "posts", "key-1");

        Assert.Equal((422, "idempotency-key-reused"), await ProblemOf(await Post(client, "posts", "key-1", """{"quantity":2,"name":"b"}""")));
        Assert.Equal(1, handled);
    }

    [Fact]
    public async Task A_key_whose_first_request_is_still_worked_on_is_refused_for_now()
    {
        using var client = service.ClientWith(service.Tokens.ForParticipant());
        var first = Post(client, "waits", "key-1");
        await Eventually.True(() => handled == 1);

        var second = await Post(client, "waits", "key-1");
        Assert.Equal((409, "idempotency-key-in-flight"), await ProblemOf(second));
        Assert.Equal(TimeSpan.FromSeconds(1), second.Headers.RetryAfter!.Delta);

        gate.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Post(client, "waits", "key-1")).StatusCode);
        Assert.Equal(1, handled);
    }

    [Fact]
    public async Task What_broke_is_tried_again()
    {
        using var client = service.ClientWith(service.Tokens.ForParticipant());

        Assert.Equal((500, "internal"), await ProblemOf(await Post(client, "breaks", "key-1")));
        Assert.Equal(HttpStatusCode.NoContent, (await Post(client, "breaks", "key-1")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await Post(client, "breaks", "key-1")).StatusCode);
        Assert.Equal(2, handled);
    }

    [Fact]
    public async Task A_key_is_forgotten_after_a_day()
    {
        using var client = service.ClientWith(service.Tokens.ForParticipant());
        await Post(client, "posts", "key-1");

        service.Clock.Advance(TimeSpan.FromHours(25));
        using var later = service.ClientWith(service.Tokens.ForParticipant());

        await Post(later, "posts", "key-1");
        Assert.Equal(2, handled);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public async Task A_malformed_key_is_refused(string key)
    {
        using var client = service.ClientWith(service.Tokens.ForParticipant());
        var answer = await Post(client, "posts", key);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(0, handled);
    }

    private static async Task<(int Status, string? Code)> ProblemOf(HttpResponseMessage answer) =>
        ((int)answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("code").GetString());

    private static Task<HttpResponseMessage> Post(HttpClient client, string path, string? key, string body = """{"quantity":1,"name":"a"}""")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/sample/{path}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        return client.SendAsync(request);
    }
}
