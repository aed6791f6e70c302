using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace EventFly.Bench.Baselines;

/// <summary>What the proxy alone can do on this machine: YARP without anything else, in front of an answer that is always the same.</summary>
internal static class BareProxy
{
    public static async Task Run(string target)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "all", Match = new RouteMatch { Path = "{**rest}" } }],
            [new ClusterConfig { ClusterId = "all", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = target } } }]);
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapReverseProxy();
        await ServeUntilOrphaned(app);
    }

    /// <summary>Answers with the JSON that it is given on standard input.</summary>
    public static async Task RunConstant()
    {
        var answer = Convert.FromBase64String((await Console.In.ReadLineAsync())!);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(context =>
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = answer.Length;
            return context.Response.Body.WriteAsync(answer).AsTask();
        });
        await ServeUntilOrphaned(app);
    }

    // Standard input ends with the process that started this one, however that ended.
    private static async Task ServeUntilOrphaned(WebApplication app)
    {
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        await app.StopAsync();
    }
}
