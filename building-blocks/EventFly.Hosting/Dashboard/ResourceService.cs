using System.Threading.Channels;
using Aspire.Hosting.Dashboard.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Dashboard;

/// <summary>What the dashboard asks: which resources there are, how they change, what they print; and to execute commands.</summary>
internal sealed class ResourceService(
    ResourceNotificationService notifications, ResourceLoggerService loggers, ResourceCommandService commands,
    DistributedApplicationOptions options, IHostEnvironment environment, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan _changesGatherFor = TimeSpan.FromMilliseconds(50);

    public void Map(IEndpointRouteBuilder routes)
    {
        Method("GetApplicationInformation", GetApplicationInformation);
        Method("WatchResources", WatchResources);
        Method("WatchResourceConsoleLogs", WatchResourceConsoleLogs);
        Method("ExecuteResourceCommand", ExecuteResourceCommand);
        Method("WatchInteractions", WatchInteractions);
        routes.MapFallback((RequestDelegate)(http => GrpcCall.Handle(http, Unimplemented)));

        void Method(string name, Func<GrpcCall, Task<GrpcStatus>> handle) =>
            routes.MapPost($"/aspire.v1.DashboardService/{name}", (RequestDelegate)(http => GrpcCall.Handle(http, handle)));
    }

    private static Task<GrpcStatus> Unimplemented(GrpcCall call) => Task.FromResult(GrpcStatus.Unimplemented);

    private async Task<GrpcStatus> GetApplicationInformation(GrpcCall call)
    {
        await call.Write(new ApplicationInformationResponse
        {
            ApplicationName = options.DashboardApplicationName
                ?? environment.ApplicationName.Replace(".AppHost", "", StringComparison.Ordinal),
        });
        return GrpcStatus.Ok;
    }

    private async Task<GrpcStatus> WatchResources(GrpcCall call)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, lifetime.ApplicationStopped);
        var initial = new InitialResourceData();
        initial.Resources.AddRange(notifications.Current().Select(ResourceMessages.From));
        await call.Write(new WatchResourcesUpdate { InitialData = initial });

        // Changes come in bursts and only the last of each resource matters, so they gather for a moment.
        var gathered = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var latest = new Dictionary<string, ResourceEvent>(StringComparer.Ordinal);
        var gate = new Lock();
        var watching = Gather();
        await foreach (var _ in gathered.Reader.ReadAllAsync(ends.Token))
        {
            await Task.Delay(_changesGatherFor, ends.Token);
            var changes = new WatchResourcesChanges();
            lock (gate)
            {
                changes.Value.AddRange(latest.Values.Select(change => new WatchResourcesChange { Upsert = ResourceMessages.From(change) }));
                latest.Clear();
            }
            if (changes.Value.Count > 0) await call.Write(new WatchResourcesUpdate { Changes = changes });
        }
        await watching;
        return GrpcStatus.Ok;

        async Task Gather()
        {
            await foreach (var change in notifications.WatchAsync(ends.Token))
            {
                lock (gate) latest[change.ResourceId] = change;
                gathered.Writer.TryWrite(true);
            }
            gathered.Writer.Complete();
        }
    }

    private async Task<GrpcStatus> WatchResourceConsoleLogs(GrpcCall call)
    {
        if (await call.Read(WatchResourceConsoleLogsRequest.Parser) is not { } request) return GrpcStatus.InvalidArgument;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, lifetime.ApplicationStopped);
        var lines = request.SuppressFollow ? loggers.GetAllAsync(request.ResourceName) : loggers.WatchAsync(request.ResourceName);
        await foreach (var batch in lines.WithCancellation(ends.Token))
        {
            foreach (var some in batch.Chunk(500))
            {
                var update = new WatchResourceConsoleLogsUpdate();
                update.LogLines.AddRange(some.Select(line => new ConsoleLogLine
                {
                    Text = line.Content, IsStdErr = line.IsErrorMessage, LineNumber = line.LineNumber,
                }));
                await call.Write(update);
            }
        }
        return GrpcStatus.Ok;
    }

    private async Task<GrpcStatus> ExecuteResourceCommand(GrpcCall call)
    {
        if (await call.Read(ResourceCommandRequest.Parser) is not { } request) return GrpcStatus.InvalidArgument;
        var result = await commands.ExecuteCommandAsync(request.ResourceName, request.CommandName, call.Aborted);
        var response = new ResourceCommandResponse
        {
            Kind = result.Success ? WireCommandResult.Succeeded : result.Canceled ? WireCommandResult.Cancelled : WireCommandResult.Failed,
        };
        if (result.Message is { } message) response.Message = message;
        await call.Write(response);
        return GrpcStatus.Ok;
    }

    /// <summary>Questions to whoever looks at the dashboard: there are none, but it wants to be connected.</summary>
    private static async Task<GrpcStatus> WatchInteractions(GrpcCall call)
    {
        while (await call.Read(WatchInteractionsRequestUpdate.Parser) is not null)
        {
            // An answer to nothing.
        }
        return GrpcStatus.Ok;
    }
}
