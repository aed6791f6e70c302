using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace EventFly.ServiceDefaults;

/// <summary>Refuses to start a process with an endpoint that does not say who may call it: forgetting must be seen at once.</summary>
internal sealed class AccessIsSaid : IHostedService
{
    public IEndpointRouteBuilder? Routes { get; set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var silent = (Routes?.DataSources ?? [])
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<Access>() is null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Select(endpoint => endpoint.DisplayName)
            .ToArray();
        return silent.Length == 0
            ? Task.CompletedTask
            : throw new InvalidOperationException(
                $"Say who may call {string.Join(", ", silent)}: RequireSignIn(), RequireParticipant(), RequireOrganizer(), RequirePermission(…) or AllowAnonymous().");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
