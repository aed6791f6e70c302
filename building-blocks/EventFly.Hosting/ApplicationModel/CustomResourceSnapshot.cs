using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Everything that can be seen of one running copy of a resource at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>Kind of the resource: <c>Project</c>, <c>Executable</c>, <c>Container</c>, <c>Parameter</c> or any other word.</summary>
    public required string ResourceType { get; init; }

    /// <summary>Details by name.</summary>
    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    /// <summary>One of <see cref="KnownResourceStates"/> or any other word.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>Exit code of the process, once it has ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>When the resource was made.</summary>
    public DateTime? CreationTimeStamp { get; init; }

    /// <summary>When the process started.</summary>
    public DateTime? StartTimeStamp { get; init; }

    /// <summary>When the process ended.</summary>
    public DateTime? StopTimeStamp { get; init; }

    /// <summary>Variables of the process.</summary>
    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; init; } = [];

    /// <summary>Links.</summary>
    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    /// <summary>Mounts.</summary>
    public ImmutableArray<VolumeSnapshot> Volumes { get; init; } = [];

    /// <summary>Ties to other resources.</summary>
    public ImmutableArray<RelationshipSnapshot> Relationships { get; init; } = [];

    /// <summary>Commands that can be executed on it.</summary>
    public ImmutableArray<ResourceCommandSnapshot> Commands { get; init; } = [];

    /// <summary>What its health checks said last.</summary>
    public ImmutableArray<HealthReportSnapshot> HealthReports { get; internal init; } = [];

    /// <summary>Whether it is left out of lists.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Name of a Fluent UI icon.</summary>
    public string? IconName { get; init; }

    /// <summary>Filled or outlined.</summary>
    public IconVariant? IconVariant { get; init; }

    /// <summary>The worst of <see cref="HealthReports"/>; null unless it runs; a check that has not answered yet counts as unhealthy.</summary>
    public HealthStatus? HealthStatus => State?.Text != KnownResourceStates.Running ? null
        : HealthReports.IsDefaultOrEmpty ? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
        : HealthReports.Min(report => report.Status ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy);
}

/// <summary>A state and how the dashboard colours it.</summary>
/// <param name="Text">The state.</param>
/// <param name="Style"><c>success</c>, <c>info</c>, <c>warning</c>, <c>error</c> or null.</param>
public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    /// <summary>A state with the colour that the dashboard knows for it.</summary>
    public static implicit operator ResourceStateSnapshot?(string? text) => text is null ? null : new(text, null);
}

/// <summary>A detail.</summary>
/// <param name="Name">Its name, such as <c>executable.pid</c>.</param>
/// <param name="Value">A text, a number, a truth value, a list of texts or null.</param>
public sealed record ResourcePropertySnapshot(string Name, object? Value)
{
    /// <summary>Whether it is shown masked.</summary>
    public bool IsSensitive { get; init; }
}

/// <summary>A variable of a process.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsFromSpec">Whether the application set it, and not the machine.</param>
public sealed record EnvironmentVariableSnapshot(string Name, string? Value, bool IsFromSpec);

/// <summary>A link.</summary>
/// <param name="Name">Name of the endpoint, if it is one.</param>
/// <param name="Url">The address.</param>
/// <param name="IsInternal">Whether only the details show it.</param>
public sealed record UrlSnapshot(string? Name, string Url, bool IsInternal)
{
    /// <summary>Whether nothing listens there at the moment.</summary>
    public bool IsInactive { get; init; }

    /// <summary>Text and order.</summary>
    public UrlDisplayPropertiesSnapshot DisplayProperties { get; init; } = new();
}

/// <summary>How a link is shown.</summary>
/// <param name="DisplayName">Its text; empty shows the address.</param>
/// <param name="SortOrder">Higher comes first.</param>
public sealed record UrlDisplayPropertiesSnapshot(string DisplayName = "", int SortOrder = 0);

/// <summary>A mount.</summary>
/// <param name="Source">Path or volume.</param>
/// <param name="Target">Path in the container.</param>
/// <param name="MountType"><c>bind</c> or <c>volume</c>.</param>
/// <param name="IsReadOnly">Whether the container cannot write there.</param>
public sealed record VolumeSnapshot(string? Source, string Target, string MountType, bool IsReadOnly);

/// <summary>A tie to another resource.</summary>
/// <param name="ResourceName">Name of the other.</param>
/// <param name="Type"><c>Parent</c>, <c>Reference</c>, <c>WaitFor</c> or any other word.</param>
public sealed record RelationshipSnapshot(string ResourceName, string Type);

/// <summary>What a health check said.</summary>
/// <param name="Name">Name of the check.</param>
/// <param name="Status">Its answer; null if it has not run since the resource started.</param>
/// <param name="Description">Why.</param>
/// <param name="ExceptionText">The error, if there was one.</param>
public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText)
{
    /// <summary>When it was asked last.</summary>
    public DateTime? LastRunAt { get; init; }
}

/// <summary>Whether a command can be executed.</summary>
public enum ResourceCommandState
{
    /// <summary>Yes.</summary>
    Enabled,

    /// <summary>Not now.</summary>
    Disabled,

    /// <summary>Not now, and nobody sees it.</summary>
    Hidden,
}

/// <summary>A command as it is offered.</summary>
/// <param name="Name">Unique in the resource.</param>
/// <param name="State">Whether it can be executed.</param>
/// <param name="DisplayName">Its text.</param>
/// <param name="DisplayDescription">What it does.</param>
/// <param name="Parameter">Unused.</param>
/// <param name="ConfirmationMessage">What to ask before.</param>
/// <param name="IconName">Name of a Fluent UI icon.</param>
/// <param name="IconVariant">Filled or outlined.</param>
/// <param name="IsHighlighted">Whether it has a button of its own.</param>
public sealed record ResourceCommandSnapshot(
    string Name, ResourceCommandState State, string DisplayName, string? DisplayDescription, object? Parameter,
    string? ConfirmationMessage, string? IconName, IconVariant? IconVariant, bool IsHighlighted);
