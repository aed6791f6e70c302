namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resource is started by hand only.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation;

/// <summary>The resource is healthy only if the registered check of that name says so.</summary>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>Name of the check among <c>builder.Services.AddHealthChecks()</c>.</summary>
    public string Key { get; } = key;
}

/// <summary>The resource runs several times behind the same endpoints.</summary>
public class ReplicaAnnotation(int replicas) : IResourceAnnotation
{
    /// <summary>How many times.</summary>
    public int Replicas { get; } = replicas;
}

/// <summary>How a resource is tied to another.</summary>
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    /// <summary>The other one.</summary>
    public IResource Resource { get; } = resource;

    /// <summary><c>Parent</c>, <c>Reference</c>, <c>WaitFor</c> or any other word.</summary>
    public string Type { get; } = type;
}

/// <summary>Words the dashboard knows for <see cref="ResourceRelationshipAnnotation.Type"/>.</summary>
internal static class KnownRelationshipTypes
{
    public const string Parent = "Parent";
    public const string Reference = "Reference";
    public const string WaitFor = "WaitFor";
}

/// <summary>Where the dashboard shows a link.</summary>
public enum UrlDisplayLocation
{
    /// <summary>In the list and in the details.</summary>
    SummaryAndDetails,

    /// <summary>In the details only.</summary>
    DetailsOnly,
}

/// <summary>A link of the resource in the dashboard.</summary>
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    /// <summary>Higher comes first.</summary>
#pragma warning disable CA1051 // A field in the original, so one here: callers may take its address.
    public int? DisplayOrder;
#pragma warning restore CA1051

    /// <summary>The address; relative to the endpoint if there is one.</summary>
    public required string Url { get; set; }

    /// <summary>Text of the link.</summary>
    public string? DisplayText { get; set; }

    /// <summary>The endpoint it belongs to.</summary>
    public EndpointReference? Endpoint { get; init; }

    /// <summary>Where it is shown.</summary>
    public UrlDisplayLocation DisplayLocation { get; set; }
}

/// <summary>A link that needs values known only at run time.</summary>
internal sealed record ResourceUrlExpressionAnnotation(ReferenceExpression Url, string? DisplayText) : IResourceAnnotation;

/// <summary>Changes the link that an endpoint gets by itself.</summary>
internal sealed record EndpointUrlCallbackAnnotation(string EndpointName, Action<ResourceUrlAnnotation> Change) : IResourceAnnotation;

/// <summary>Filled or outlined icons.</summary>
public enum IconVariant
{
    /// <summary>Outlined.</summary>
    Regular,

    /// <summary>Filled.</summary>
    Filled,
}

/// <summary>The icon of the resource in the dashboard.</summary>
public sealed class ResourceIconAnnotation(string iconName, IconVariant iconVariant = IconVariant.Filled) : IResourceAnnotation
{
    /// <summary>Name of a Fluent UI icon.</summary>
    public string IconName { get; } = iconName;

    /// <summary>Filled or outlined.</summary>
    public IconVariant IconVariant { get; } = iconVariant;
}

/// <summary>The dashboard does not list the resource.</summary>
internal sealed record HiddenAnnotation : IResourceAnnotation;

/// <summary>What is known about the resource before anything has started.</summary>
public sealed class ResourceSnapshotAnnotation(CustomResourceSnapshot initialSnapshot) : IResourceAnnotation
{
    /// <summary>The first state that everybody sees.</summary>
    public CustomResourceSnapshot InitialSnapshot { get; } = initialSnapshot;
}

/// <summary>A further part of the resource's connection string by name.</summary>
internal sealed record ConnectionPropertyAnnotation(string Name, ReferenceExpression Value) : IResourceAnnotation;

/// <summary>The process sends telemetry to the dashboard.</summary>
public class OtlpExporterAnnotation : IResourceAnnotation;
