namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Gives the resource a connection string, as <c>ConnectionStrings__name</c>, and its parts as <c>NAME_PART</c>.</summary>
    /// <param name="builder">Who gets it.</param>
    /// <param name="source">Whose connection string.</param>
    /// <param name="connectionName">Name to give it; the source's if null.</param>
    /// <param name="optional">Whether the resource also starts without.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        return builder.WithReferenceRelationship(resource).WithEnvironment(async context =>
        {
            if (optional && await resource.GetConnectionStringAsync(context.CancellationToken) is null) return;
            context.EnvironmentVariables[resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}"] =
                resource.ConnectionStringExpression;
            var added = resource.Annotations.OfType<ConnectionPropertyAnnotation>().Select(part => KeyValuePair.Create(part.Name, part.Value));
            foreach (var (part, value) in resource.GetConnectionProperties().Concat(added))
            {
                context.EnvironmentVariables[$"{AsVariable(name)}_{AsVariable(part)}"] = value;
            }
        });
    }

    /// <summary>Tells the resource where another one is, as <c>services__name__endpoint__0</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment => builder.WithReference(source, source.Resource.Name);

    /// <summary>Tells the resource where another one is, under a name of its own.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source, string name)
        where TDestination : IResourceWithEnvironment =>
        builder.WithReferenceRelationship(source.Resource).WithEnvironment(context =>
        {
            foreach (var endpoint in source.Resource.GetEndpoints().Where(endpoint => !endpoint.EndpointAnnotation.ExcludeReferenceEndpoint))
            {
                AddService(context, name, endpoint);
            }
        });

    /// <summary>Tells the resource where one endpoint of another is.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment =>
        builder.WithReferenceRelationship(endpointReference.Resource)
            .WithEnvironment(context => AddService(context, endpointReference.Resource.Name, endpointReference));

    /// <summary>Tells the resource where a service elsewhere is.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<ExternalServiceResource> externalService)
        where TDestination : IResourceWithEnvironment
    {
        var service = externalService.Resource;
        return builder.WithReferenceRelationship(service).WithEnvironment(async context =>
        {
            var address = service.Uri ?? await UrlOf(service, context.CancellationToken);
            context.EnvironmentVariables[$"services__{service.Name}__{address.Scheme}__0"] = address.ToString();
        });
    }

    /// <summary>Tells the resource where something elsewhere is.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, string name, Uri uri)
        where TDestination : IResourceWithEnvironment =>
        builder.WithEnvironment(context => context.EnvironmentVariables[$"services__{name}__default__0"] = uri.ToString());

    /// <summary>Adds a part to the connection string's parts.</summary>
    public static IResourceBuilder<T> WithConnectionProperty<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : IResourceWithConnectionString => builder.WithAnnotation(new ConnectionPropertyAnnotation(name, value));

    /// <summary>Adds a part to the connection string's parts.</summary>
    public static IResourceBuilder<T> WithConnectionProperty<T>(this IResourceBuilder<T> builder, string name, string value)
        where T : IResourceWithConnectionString => builder.WithConnectionProperty(name, ReferenceExpression.Create($"{value}"));

    private static void AddService(EnvironmentCallbackContext context, string name, EndpointReference endpoint)
    {
        context.EnvironmentVariables[$"services__{name}__{endpoint.EndpointName}__0"] = endpoint;
        context.EnvironmentVariables[$"{AsVariable(name)}_{AsVariable(endpoint.EndpointName)}"] = endpoint;
    }

    private static async Task<Uri> UrlOf(ExternalServiceResource service, CancellationToken cancellationToken) =>
        Uri.TryCreate(await service.UrlParameter!.GetValueAsync(cancellationToken), UriKind.Absolute, out var address)
            ? address
            : throw new DistributedApplicationException($"The address of '{service.Name}' is no absolute URL.");

    private static string AsVariable(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
}
