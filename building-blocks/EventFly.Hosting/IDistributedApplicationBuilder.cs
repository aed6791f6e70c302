using System.Reflection;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Describes an application: which processes it has and what they need of each other.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>The assembly that describes the application.</summary>
    Assembly? AppHostAssembly { get; }

    /// <summary>Folder of the project that describes the application.</summary>
    string AppHostDirectory { get; }

    /// <summary>Settings: appsettings.json, environment, command line.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>Name of the environment.</summary>
    IHostEnvironment Environment { get; }

    /// <summary>Services of the application itself.</summary>
    IServiceCollection Services { get; }

    /// <summary>Calls back when something happens.</summary>
    IDistributedApplicationEventing Eventing { get; }

    /// <summary>What is being done.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>What the application is made of so far.</summary>
    IResourceCollection Resources { get; }

    /// <summary>Adds a resource.</summary>
    /// <exception cref="DistributedApplicationException">There is one of that name.</exception>
    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    /// <summary>Describes a resource that is added elsewhere, or not at all.</summary>
    IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource;

    /// <summary>Makes the application.</summary>
    DistributedApplication Build();
}
