using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dashboard.Wire;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace EventFly.Hosting.Tests;

/// <summary>Asks what the dashboard asks, over the wire, without the dashboard.</summary>
public sealed class ShowingTheDashboard
{
    [Fact]
    public async Task Resources_are_listed_with_what_the_dashboard_cannot_do_without()
    {
        await using var running = await Running.Start(builder =>
        {
            builder.AddParameter("greeting", "hello");
            builder.AddShell("worker", "echo at work; exec sleep 600").WithHttpEndpoint().WithUrl("https://example.org/", "Manual");
        });
        await running.BecomesHealthy("worker");
        using var service = await Service.Of(running);

        var update = await service.First("WatchResources", new WatchResourcesRequest(), WatchResourcesUpdate.Parser);

        var worker = Assert.Single(update.InitialData.Resources, resource => resource.DisplayName == "worker");
        Assert.Equal(("Executable", "Running"), (worker.ResourceType, worker.State));
        Assert.NotNull(worker.CreatedAt);
        Assert.NotNull(worker.StartedAt);
        Assert.All(worker.Properties, property => Assert.NotNull(property.Value));
        Assert.All(worker.Urls, url => Assert.NotNull(url.DisplayProperties));
        Assert.Contains(worker.Urls, url => url is { FullUrl: "https://example.org/", DisplayProperties.DisplayName: "Manual" });
        Assert.Contains(worker.Properties, property => property.Name == "executable.pid" && int.Parse(property.Value.StringValue, null) > 0);
        Assert.Equal(["start", "stop", "restart"], worker.Commands.Select(command => command.Name));
        Assert.Equal([WireCommandState.Hidden, WireCommandState.Enabled, WireCommandState.Enabled], worker.Commands.Select(command => command.State));
        var greeting = Assert.Single(update.InitialData.Resources, resource => resource.DisplayName == "greeting");
        Assert.Contains(greeting.Properties, property => property is { Name: "Value", Value.StringValue: "hello", IsSensitive: false });
    }

    [Fact]
    public async Task Console_lines_and_commands_go_through()
    {
        await using var running = await Running.Start(builder => builder.AddShell("worker", "echo at work; exec sleep 600"));
        var worker = (await running.BecomesHealthy("worker")).ResourceId;
        await running.Prints("worker", "at work");
        using var service = await Service.Of(running);

        var lines = await service.First(
            "WatchResourceConsoleLogs", new WatchResourceConsoleLogsRequest { ResourceName = worker, SuppressFollow = true }, WatchResourceConsoleLogsUpdate.Parser);
        Assert.Contains(lines.LogLines, line => line.Text.EndsWith("at work", StringComparison.Ordinal) && !line.IsStdErr);

        var stopped = await service.First(
            "ExecuteResourceCommand", new ResourceCommandRequest { CommandName = "stop", ResourceName = worker }, ResourceCommandResponse.Parser);
        Assert.Equal(WireCommandResult.Succeeded, stopped.Kind);
        var again = await service.First(
            "ExecuteResourceCommand", new ResourceCommandRequest { CommandName = "stop", ResourceName = worker }, ResourceCommandResponse.Parser);
        Assert.Equal(WireCommandResult.Failed, again.Kind);
    }

    [Fact]
    public async Task Whoever_has_no_key_or_asks_nonsense_is_refused_by_status()
    {
        await using var running = await Running.Start(builder => builder.AddShell("worker", "exec sleep 600"));
        using var service = await Service.Of(running);
        using var stranger = new Service(service.Url, key: "guessed");

        Assert.Equal(GrpcStatus.Unauthenticated, await stranger.StatusOf("GetApplicationInformation", Service.Frame(new ApplicationInformationRequest())));
        Assert.Equal(GrpcStatus.Ok, await service.StatusOf("GetApplicationInformation", Service.Frame(new ApplicationInformationRequest())));
        Assert.Equal(GrpcStatus.Unimplemented, await service.StatusOf("FlyToTheMoon", []));
        Assert.Equal(GrpcStatus.InvalidArgument, await service.StatusOf("ExecuteResourceCommand", []));
        Assert.Equal(GrpcStatus.InvalidArgument, await service.StatusOf("ExecuteResourceCommand", [0, 0, 0, 0, 9, 1, 2]));
        Assert.Equal(GrpcStatus.InvalidArgument, await service.StatusOf("ExecuteResourceCommand", [0, 0, 0, 0, 2, 0xff, 0xff]));
        Assert.Equal(GrpcStatus.InvalidArgument, await service.StatusOf("ExecuteResourceCommand", [1, 0, 0, 0, 0]));
        Assert.Equal(GrpcStatus.InvalidArgument, await service.StatusOf("ExecuteResourceCommand", [0, 0x7f, 0xff, 0xff, 0xff]));
    }

    private sealed class Service(string url, string key) : IDisposable
    {
        private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

        public string Url { get; } = url;

        // Without the dashboard nobody starts it.
        public static async Task<Service> Of(Running running)
        {
            var host = running.App.Services.GetRequiredService<ResourceServiceHost>();
            await host.Start(running.GiveUp);
            return new Service(host.Url, running.App.Services.GetRequiredService<DashboardSettings>().ResourceServiceKey);
        }

        public static byte[] Frame(IMessage message)
        {
            var frame = new byte[5 + message.CalculateSize()];
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.CalculateSize());
            message.WriteTo(frame.AsSpan(5));
            return frame;
        }

        public async Task<T> First<T>(string method, IMessage request, MessageParser<T> parser)
            where T : IMessage<T>
        {
            using var answer = await Post(method, Frame(request), HttpCompletionOption.ResponseHeadersRead);
            var stream = await answer.Content.ReadAsStreamAsync();
            var header = new byte[5];
            await stream.ReadExactlyAsync(header);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1))];
            await stream.ReadExactlyAsync(body);
            return parser.ParseFrom(body);
        }

        public async Task<GrpcStatus> StatusOf(string method, byte[] body)
        {
            using var answer = await Post(method, body, HttpCompletionOption.ResponseContentRead);
            return (GrpcStatus)int.Parse(answer.TrailingHeaders.GetValues("grpc-status").Single(), null);
        }

        public void Dispose() => _http.Dispose();

        private Task<HttpResponseMessage> Post(string method, byte[] body, HttpCompletionOption until)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, $"{Url}/aspire.v1.DashboardService/{method}")
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
            };
            request.Headers.Add("x-resource-service-api-key", key);
            return _http.SendAsync(request, until);
        }
    }
}
