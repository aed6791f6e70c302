using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The running copies of a resource: one, or as many as it has replicas.</summary>
internal sealed record InstancesAnnotation(IReadOnlyList<ResourceInstance> Instances) : IResourceAnnotation;

/// <summary>One running copy.</summary>
/// <param name="Name">Name of the engine's object; the dashboard joins telemetry and resource by it.</param>
/// <param name="Suffix">Last part of the name and <c>service.instance.id</c> of its telemetry.</param>
/// <param name="Index">Counts from 0.</param>
internal sealed record ResourceInstance(string Name, string Suffix, int Index);

internal static class ResourceInstances
{
    private const string Letters = "abcdefghjkmnpqrstuvwxyz";

    /// <summary>Gives every process and container its instances; done once, when the application is built.</summary>
    public static void Assign(IResource resource)
    {
        if (!RunsInTheEngine(resource)) return;
        var replicas = resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
        resource.Annotations.Add(new InstancesAnnotation([.. Enumerable.Range(0, replicas).Select(index =>
        {
            var suffix = RandomNumberGenerator.GetString(Letters, 8);
            return new ResourceInstance($"{resource.Name}-{suffix}", suffix, index);
        })]));
    }

    public static bool RunsInTheEngine(this IResource resource) => resource is ProjectResource or ExecutableResource or ContainerResource;

    public static IReadOnlyList<ResourceInstance> Instances(this IResource resource) =>
        resource.Annotations.OfType<InstancesAnnotation>().LastOrDefault()?.Instances ?? [];

    public static IReadOnlyList<string> InstanceNames(this IResource resource) =>
        resource.Instances() is { Count: > 0 } instances ? [.. instances.Select(instance => instance.Name)] : [resource.Name];

    public static string TypeName(this IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ExecutableResource => "Executable",
        ContainerResource => "Container",
        ConnectionStringParameterResource or ConnectionStringResource => "ConnectionString",
        ParameterResource => "Parameter",
        ExternalServiceResource => "ExternalService",
        _ => resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal),
    };

    public static IEnumerable<RelationshipSnapshot> Relationships(this IResource resource)
    {
        var said = resource.Annotations.OfType<ResourceRelationshipAnnotation>()
            .Select(relation => new RelationshipSnapshot(relation.Resource.Name, relation.Type));
        if (resource.Parent() is { } parent) said = said.Append(new(parent.Name, KnownRelationshipTypes.Parent));
        return said.Where(relation => relation.ResourceName != resource.Name).Distinct();
    }

    public static IResource? Parent(this IResource resource) =>
        resource.Annotations.OfType<ResourceRelationshipAnnotation>()
            .LastOrDefault(relation => relation.Type == KnownRelationshipTypes.Parent)?.Resource
        ?? (resource as IResourceWithParent)?.Parent;
}
