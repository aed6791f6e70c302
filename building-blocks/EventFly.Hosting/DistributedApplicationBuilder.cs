using System.Reflection;
using System.Security.Cryptography;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Describes an application for the Aspire engine.</summary>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly DistributedApplicationOptions _options;
    private readonly AppHostHook? _hook = AppHostHook.Current;
    private readonly ResourceCollection _resources = [];

    /// <summary>Begins with an empty application.</summary>
    public DistributedApplicationBuilder(string[] args)
        : this(new DistributedApplicationOptions { Args = args })
    {
    }

    /// <summary>Begins with an empty application.</summary>
    public DistributedApplicationBuilder(DistributedApplicationOptions options)
        : this(options, configure: null)
    {
    }

    internal DistributedApplicationBuilder(
        DistributedApplicationOptions options, Action<DistributedApplicationOptions, HostApplicationBuilderSettings>? configure)
    {
        var settings = new HostApplicationBuilderSettings { Args = options.Args };
        configure?.Invoke(options, settings);
        _hook?.Adjust(options, settings);
        _options = options;
        AppHostAssembly = _hook?.Assembly
            ?? (options.AssemblyName is { } name ? Assembly.Load(new AssemblyName(name)) : Assembly.GetEntryAssembly());
        AppHostDirectory = options.ProjectDirectory
            ?? AppHostAssembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
                .FirstOrDefault(data => data.Key == "AppHostDirectory")?.Value
            ?? Directory.GetCurrentDirectory();

        settings.ApplicationName ??= AppHostAssembly?.GetName().Name;
        settings.ContentRootPath ??= Directory.Exists(AppHostDirectory) ? AppHostDirectory : AppContext.BaseDirectory;
        _host = new HostApplicationBuilder(settings);
        _host.Configuration["AppHost:BrowserToken"] =
            _host.Configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"] ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
        if (_host.Configuration["ASPIRE_DASHBOARD_DISABLED"] is "true") options.DisableDashboard = true;
        AddServices();
    }

    /// <inheritdoc />
    public Assembly? AppHostAssembly { get; }

    /// <inheritdoc />
    public string AppHostDirectory { get; }

    /// <inheritdoc />
    public ConfigurationManager Configuration => _host.Configuration;

    /// <inheritdoc />
    public IHostEnvironment Environment => _host.Environment;

    /// <inheritdoc />
    public IServiceCollection Services => _host.Services;

    /// <inheritdoc />
    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    /// <inheritdoc />
    public DistributedApplicationExecutionContext ExecutionContext => DistributedApplicationExecutionContext.Running;

    /// <inheritdoc />
    public IResourceCollection Resources => _resources;

    /// <inheritdoc />
    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (_resources.TryGetByName(resource.Name, out _))
        {
            throw new DistributedApplicationException($"There are two resources named '{resource.Name}'.");
        }
        _resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc />
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    /// <inheritdoc />
    public DistributedApplication Build()
    {
        _hook?.OnBuilding(this);
        if (!_options.DisableDashboard) this.AddDashboard();
        foreach (var resource in _resources) ResourceInstances.Assign(resource);
        var application = new DistributedApplication(_host.Build()) { Hook = _hook };
        _hook?.OnBuilt(application);
        return application;
    }

    private void AddServices()
    {
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(_options);
        Services.AddSingleton(Eventing);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton<IResourceCollection>(_resources);
        Services.AddSingleton<DistributedApplicationModel>();
        Services.AddSingleton<ResourceNotificationService>();
        Services.AddSingleton<ResourceLoggerService>();
        Services.AddSingleton(services => new ResourceCommandService(
            services.GetRequiredService<DistributedApplicationModel>(),
            services.GetRequiredService<ResourceNotificationService>(),
            services.GetRequiredService<ResourceLoggerService>(),
            services));
        Services.AddHealthChecks();
        Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        Services.AddSingleton<DashboardSettings>();
        Services.AddSingleton(new AppHostDirectory(AppHostDirectory));
        Services.AddSingleton<DcpServer>();
        Services.AddSingleton<EndpointAllocator>();
        Services.AddSingleton<ProcessPlanner>();
        Services.AddSingleton<WorkloadFactory>();
        Services.AddSingleton<HealthMonitor>();
        Services.AddSingleton<ResourceServiceHost>();
        Services.AddHostedService<Orchestrator>();
        // Why it does not start is told in a sentence, by whoever called Start.
        _host.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        _host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        _host.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
    }
}

internal sealed class ResourceBuilder<T>(IDistributedApplicationBuilder applicationBuilder, T resource) : IResourceBuilder<T>
    where T : IResource
{
    public IDistributedApplicationBuilder ApplicationBuilder { get; } = applicationBuilder;

    public T Resource { get; } = resource;

    public IResourceBuilder<T> WithAnnotation<TAnnotation>(
        TAnnotation annotation, ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
        where TAnnotation : IResourceAnnotation
    {
        if (behavior is ResourceAnnotationMutationBehavior.Replace)
        {
            foreach (var old in Resource.Annotations.OfType<TAnnotation>().ToList()) Resource.Annotations.Remove(old);
        }
        Resource.Annotations.Add(annotation);
        return this;
    }
}
