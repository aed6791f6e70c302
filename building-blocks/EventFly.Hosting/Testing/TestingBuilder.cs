using System.Reflection;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>A builder that stands still at <c>Build</c> until the test says so.</summary>
internal sealed class TestingBuilder(DistributedApplicationBuilder builder, AppHostHook? hook) : IDistributedApplicationTestingBuilder
{
    private static readonly TimeSpan _buildingTakesAtMost = TimeSpan.FromMinutes(1);

    public Assembly? AppHostAssembly => builder.AppHostAssembly;

    public string AppHostDirectory => builder.AppHostDirectory;

    public ConfigurationManager Configuration => builder.Configuration;

    public IHostEnvironment Environment => builder.Environment;

    public IServiceCollection Services => builder.Services;

    public IDistributedApplicationEventing Eventing => builder.Eventing;

    public DistributedApplicationExecutionContext ExecutionContext => builder.ExecutionContext;

    public IResourceCollection Resources => builder.Resources;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource => builder.AddResource(resource);

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => builder.CreateResourceBuilder(resource);

    public DistributedApplication Build() => hook is null
        ? builder.Build()
        : throw new InvalidOperationException("The AppHost's own program builds it: use BuildAsync.");

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) =>
        hook is null ? Task.FromResult(builder.Build()) : hook.Build().WaitAsync(_buildingTakesAtMost, cancellationToken);

    // The application, once built, is ended by its own disposal.
    public void Dispose() => hook?.EndUnlessBuilt();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
