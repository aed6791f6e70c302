namespace Aspire.Hosting.Testing;

/// <summary>An AppHost's description, which a test may change before it is built.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Lets the AppHost's program go on and takes the application that it builds.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
