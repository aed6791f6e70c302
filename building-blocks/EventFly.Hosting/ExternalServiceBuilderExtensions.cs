namespace Aspire.Hosting;

/// <summary>Services that run somewhere else.</summary>
public static class ExternalServiceBuilderExtensions
{
    /// <summary>Adds a service at a known address.</summary>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(this IDistributedApplicationBuilder builder, string name, string url) =>
        builder.AddExternalService(name, new Uri(url, UriKind.Absolute));

    /// <summary>Adds a service at a known address.</summary>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(this IDistributedApplicationBuilder builder, string name, Uri uri) =>
        builder.AddResource(new ExternalServiceResource(name, uri)).WithInitialState(new()
        {
            ResourceType = "ExternalService",
            State = KnownResourceStates.Running,
            Properties = [],
            Urls = [new(null, uri.ToString(), IsInternal: false)],
        });

    /// <summary>Adds a service at an address that a parameter has.</summary>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> urlParameter) =>
        builder.AddResource(new ExternalServiceResource(name, urlParameter.Resource)).WithInitialState(new()
        {
            ResourceType = "ExternalService", State = KnownResourceStates.Running, Properties = [],
        });
}
