using System.Collections.Immutable;

namespace Aspire.Hosting.Orchestration;

/// <summary>Shows what is no process: parameters, connection strings, links.</summary>
internal static class Values
{
    public static async Task Publish(IResource resource, ResourceNotificationService notifications, CancellationToken cancellationToken)
    {
        if (resource is ParameterResource parameter) await PublishParameter(parameter, notifications, cancellationToken);
        var urls = await Urls(resource, cancellationToken);
        var connection = resource is IResourceWithConnectionString named and not ParameterResource
            ? await named.GetConnectionStringAsync(cancellationToken) : null;
        await notifications.PublishUpdateAsync(resource, before => before with
        {
            State = before.State ?? (resource is ConnectionStringResource ? KnownResourceStates.Running : null),
            Urls = [.. before.Urls, .. urls],
            Properties = connection is null ? before.Properties
                : [.. before.Properties, new("resource.connectionString", connection) { IsSensitive = true }],
        });
    }

    private static async Task PublishParameter(ParameterResource parameter, ResourceNotificationService notifications, CancellationToken cancellationToken)
    {
        ResourceStateSnapshot state = new(KnownResourceStates.Running, KnownResourceStateStyles.Success);
        object? value;
        try
        {
            value = await parameter.GetValueAsync(cancellationToken);
        }
        catch (DistributedApplicationException missing)
        {
            state = new(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Warn);
            value = missing.Message;
        }
        await notifications.PublishUpdateAsync(parameter, before => before with
        {
            State = state, Properties = [new("Value", value) { IsSensitive = parameter.Secret }],
        });
    }

    private static async Task<ImmutableArray<UrlSnapshot>> Urls(IResource resource, CancellationToken cancellationToken)
    {
        var urls = new List<UrlSnapshot>();
        if (resource is IResourceWithEndpoints listener)
        {
            foreach (var endpoint in listener.GetEndpoints().Where(endpoint => endpoint.IsAllocated))
            {
                var link = new ResourceUrlAnnotation { Url = endpoint.Url, Endpoint = endpoint };
                foreach (var change in resource.Annotations.OfType<EndpointUrlCallbackAnnotation>())
                {
                    if (string.Equals(change.EndpointName, endpoint.EndpointName, StringComparison.OrdinalIgnoreCase)) change.Change(link);
                }
                urls.Add(Snapshot(link, endpoint.EndpointName, isInactive: true));
            }
        }
        urls.AddRange(resource.Annotations.OfType<ResourceUrlAnnotation>().Select(link => Snapshot(link, null, isInactive: false)));
        foreach (var link in resource.Annotations.OfType<ResourceUrlExpressionAnnotation>())
        {
            if (await link.Url.GetValueAsync(cancellationToken) is { } url)
            {
                urls.Add(new UrlSnapshot(null, url, IsInternal: false) { DisplayProperties = new(link.DisplayText ?? "") });
            }
        }
        return [.. urls];
    }

    private static UrlSnapshot Snapshot(ResourceUrlAnnotation link, string? endpointName, bool isInactive)
    {
        var url = link.Endpoint is { } endpoint && link.Url.StartsWith('/') ? endpoint.Url + link.Url : link.Url;
        return new UrlSnapshot(endpointName, url, link.DisplayLocation is UrlDisplayLocation.DetailsOnly)
        {
            IsInactive = isInactive, DisplayProperties = new(link.DisplayText ?? "", link.DisplayOrder ?? 0),
        };
    }
}
