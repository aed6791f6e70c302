using System.Net;
using EventFly.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EventFly.ServiceDefaults.Tests;

public sealed class ShutdownTests
{
    private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task What_is_under_way_is_finished_and_nothing_new_is_taken()
    {
        await using var service = await Start();
        var underWay = service.Client.GetAsync(new Uri("/api/sample/gate", UriKind.Relative));
        await entered.Task;

        var stopping = service.Stop();
        using var newcomer = new HttpClient { BaseAddress = service.Address };
        await Eventually.True(() => IsRefused(newcomer));
        gate.SetResult();

        Assert.Equal(HttpStatusCode.OK, (await underWay).StatusCode);
        await stopping;
    }

    [Fact]
    public async Task A_request_that_never_ends_does_not_hold_up_the_end()
    {
        await using var service = await Start();
        var underWay = service.Client.GetAsync(new Uri("/api/sample/gate", UriKind.Relative));
        await entered.Task;

        await service.Stop().WaitAsync(TimeSpan.FromSeconds(60));

        await Assert.ThrowsAnyAsync<HttpRequestException>(async () => (await underWay).EnsureSuccessStatusCode());
    }

    private Task<SampleService> Start() => SampleService.Start(
        map: app => app.MapGet("/api/sample/gate", async (CancellationToken cancellationToken) =>
        {
            entered.SetResult();
            await gate.Task.WaitAsync(cancellationToken);
            return TypedResults.Ok();
        }).AllowAnonymous(),
        settings: ("RequestTimeoutSeconds", "300"));

    private static async Task<bool> IsRefused(HttpClient client)
    {
        try
        {
            await client.GetAsync(new Uri("/alive", UriKind.Relative));
            return false;
        }
        catch (HttpRequestException)
        {
            // Nobody listens any more.
            return true;
        }
    }
}
