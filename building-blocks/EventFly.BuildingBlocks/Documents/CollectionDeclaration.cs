using Microsoft.Extensions.Hosting;

namespace EventFly.BuildingBlocks.Documents;

/// <summary>Declares the service's collections before it serves.</summary>
internal sealed class CollectionDeclaration(IDocumentStore store, IEnumerable<CollectionDefinition> definitions) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var definition in definitions)
        {
            await store.Declare(definition, cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
