using System.Globalization;
using Aspire.Hosting.Dashboard.Wire;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Dashboard;

/// <summary>Turns snapshots into what the dashboard reads. It stops watching for good at a missing time, link text or property value.</summary>
internal static class ResourceMessages
{
    /// <summary>Titles of the properties that deserve a line of their own.</summary>
    private static readonly Dictionary<string, string> _titles = new(StringComparer.Ordinal)
    {
        ["executable.path"] = "Executable path", ["executable.workDir"] = "Working directory", ["executable.args"] = "Executable arguments",
        ["executable.pid"] = "Process ID", ["project.path"] = "Project path", ["container.image"] = "Container image",
        ["container.id"] = "Container ID", ["container.command"] = "Container command", ["container.args"] = "Container arguments",
        ["container.ports"] = "Container ports", ["container.lifetime"] = "Container lifetime",
        ["resource.connectionString"] = "Connection string", ["Value"] = "Value",
    };

    public static Wire.Resource From(ResourceEvent change)
    {
        var snapshot = change.Snapshot;
        var message = new Wire.Resource
        {
            Name = change.ResourceId,
            DisplayName = change.Resource.Name,
            ResourceType = snapshot.ResourceType,
            Uid = change.ResourceId,
            CreatedAt = Time(snapshot.CreationTimeStamp),
            IsHidden = snapshot.IsHidden,
            SupportsDetailedTelemetry = false,
        };
        if (snapshot.State is { } state)
        {
            message.State = state.Text;
            if (state.Style is { } style) message.StateStyle = style;
        }
        if (snapshot.StartTimeStamp is { } started) message.StartedAt = Time(started);
        if (snapshot.StopTimeStamp is { } stopped) message.StoppedAt = Time(stopped);
        if (snapshot.IconName is { } icon)
        {
            message.IconName = icon;
            message.IconVariant = snapshot.IconVariant is IconVariant.Regular ? WireIconVariant.Regular : WireIconVariant.Filled;
        }
        message.Environment.AddRange(snapshot.EnvironmentVariables.Select(variable =>
            new EnvironmentVariable { Name = variable.Name, Value = variable.Value ?? "", IsFromSpec = variable.IsFromSpec }));
        message.Properties.AddRange(Properties(change));
        message.Urls.AddRange(snapshot.Urls.Select(From));
        message.Volumes.AddRange(snapshot.Volumes.Select(volume => new Volume
        {
            Source = volume.Source ?? "", Target = volume.Target, MountType = volume.MountType, IsReadOnly = volume.IsReadOnly,
        }));
        message.HealthReports.AddRange(snapshot.HealthReports.Select(From));
        message.Relationships.AddRange(snapshot.Relationships.Select(relation =>
            new Wire.ResourceRelationship { ResourceName = relation.ResourceName, Type = relation.Type }));
        message.Commands.AddRange(snapshot.Commands.Select(From));
        return message;
    }

    private static IEnumerable<ResourceProperty> Properties(ResourceEvent change)
    {
        var snapshot = change.Snapshot;
        foreach (var property in snapshot.Properties) yield return From(property);
        if (snapshot.State is { } state) yield return From(new ResourcePropertySnapshot("resource.state", state.Text));
        if (snapshot.ExitCode is { } exitCode) yield return From(new ResourcePropertySnapshot("resource.exitCode", exitCode));
        if (snapshot.StartTimeStamp is { } started) yield return From(new ResourcePropertySnapshot("resource.startTime", started.ToString("O", CultureInfo.InvariantCulture)));
        if (snapshot.StopTimeStamp is { } stopped) yield return From(new ResourcePropertySnapshot("resource.stopTime", stopped.ToString("O", CultureInfo.InvariantCulture)));
        // The list nests by the name of the running copy.
        if (change.Resource.Parent() is { } parent) yield return From(new ResourcePropertySnapshot("resource.parentName", parent.InstanceNames()[0]));
    }

    private static ResourceProperty From(ResourcePropertySnapshot property)
    {
        var message = new ResourceProperty { Name = property.Name, Value = ValueOf(property.Value), IsSensitive = property.IsSensitive };
        if (_titles.TryGetValue(property.Name, out var title))
        {
            message.DisplayName = title;
            message.IsHighlighted = true;
        }
        else if (!property.Name.Contains('.', StringComparison.Ordinal))
        {
            // A custom resource's own property.
            message.DisplayName = property.Name;
            message.IsHighlighted = true;
        }
        return message;
    }

    private static Value ValueOf(object? value) => value switch
    {
        null => Value.ForNull(),
        string text => Value.ForString(text),
        bool truth => Value.ForBool(truth),
        int number => Value.ForString(number.ToString(CultureInfo.InvariantCulture)),
        IEnumerable<string> texts => Value.ForList([.. texts.Select(Value.ForString)]),
        _ => Value.ForString(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };

    private static Url From(UrlSnapshot url)
    {
        var message = new Url
        {
            FullUrl = url.Url, IsInternal = url.IsInternal, IsInactive = url.IsInactive,
            DisplayProperties = new UrlDisplayProperties { DisplayName = url.DisplayProperties.DisplayName, SortOrder = url.DisplayProperties.SortOrder },
        };
        if (url.Name is { } name) message.EndpointName = name;
        return message;
    }

    private static Wire.HealthReport From(HealthReportSnapshot report)
    {
        var message = new Wire.HealthReport { Key = report.Name, Description = report.Description ?? "", Exception = report.ExceptionText ?? "" };
        if (report.Status is { } status)
        {
            message.Status = status switch
            {
                HealthStatus.Healthy => WireHealthStatus.Healthy,
                HealthStatus.Degraded => WireHealthStatus.Degraded,
                _ => WireHealthStatus.Unhealthy,
            };
        }
        if (report.LastRunAt is { } at) message.LastRunAt = Time(at);
        return message;
    }

    private static ResourceCommand From(ResourceCommandSnapshot command)
    {
        var message = new ResourceCommand
        {
            Name = command.Name,
            DisplayName = command.DisplayName,
            IsHighlighted = command.IsHighlighted,
            State = command.State switch
            {
                ResourceCommandState.Enabled => WireCommandState.Enabled,
                ResourceCommandState.Disabled => WireCommandState.Disabled,
                _ => WireCommandState.Hidden,
            },
        };
        if (command.ConfirmationMessage is { } question) message.ConfirmationMessage = question;
        if (command.DisplayDescription is { } description) message.DisplayDescription = description;
        if (command.IconName is { } icon)
        {
            message.IconName = icon;
            message.IconVariant = command.IconVariant is IconVariant.Filled ? WireIconVariant.Filled : WireIconVariant.Regular;
        }
        return message;
    }

    private static Timestamp Time(DateTime? at) => Timestamp.FromDateTime(DateTime.SpecifyKind(at ?? DateTime.UnixEpoch, DateTimeKind.Utc));
}
