using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A command of a resource.</summary>
public sealed class ResourceCommandAnnotation(
    string name, string displayName, Func<UpdateCommandStateContext, ResourceCommandState> updateState,
    Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand, string? displayDescription, object? parameter,
    string? confirmationMessage, string? iconName, IconVariant? iconVariant, bool isHighlighted) : IResourceAnnotation
{
    /// <summary>Unique in the resource.</summary>
    public string Name { get; } = name;

    /// <summary>Its text.</summary>
    public string DisplayName { get; } = displayName;

    /// <summary>Whether it can be executed in the resource's present state.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState> UpdateState { get; } = updateState;

    /// <summary>What it does.</summary>
    public Func<ExecuteCommandContext, Task<ExecuteCommandResult>> ExecuteCommand { get; } = executeCommand;

    /// <summary>What it does, in words.</summary>
    public string? DisplayDescription { get; } = displayDescription;

    /// <summary>Unused.</summary>
    public object? Parameter { get; } = parameter;

    /// <summary>What to ask before.</summary>
    public string? ConfirmationMessage { get; } = confirmationMessage;

    /// <summary>Name of a Fluent UI icon.</summary>
    public string? IconName { get; } = iconName;

    /// <summary>Filled or outlined.</summary>
    public IconVariant? IconVariant { get; } = iconVariant;

    /// <summary>Whether it has a button of its own.</summary>
    public bool IsHighlighted { get; } = isHighlighted;
}

/// <summary>How a command is offered.</summary>
public class CommandOptions
{
    /// <summary>What it does, in words.</summary>
    public string? Description { get; set; }

    /// <summary>What to ask before.</summary>
    public string? ConfirmationMessage { get; set; }

    /// <summary>Name of a Fluent UI icon.</summary>
    public string? IconName { get; set; }

    /// <summary>Filled or outlined.</summary>
    public IconVariant? IconVariant { get; set; }

    /// <summary>Whether it has a button of its own.</summary>
    public bool IsHighlighted { get; set; }

    /// <summary>Whether it can be executed in the resource's present state; null means always.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState>? UpdateState { get; set; }
}

/// <summary>What decides whether a command can be executed.</summary>
public sealed class UpdateCommandStateContext
{
    /// <summary>The resource as it is.</summary>
    public required CustomResourceSnapshot ResourceSnapshot { get; init; }

    /// <summary>Services of the application.</summary>
    public required IServiceProvider ServiceProvider { get; init; }
}

/// <summary>What a command works on.</summary>
public sealed class ExecuteCommandContext
{
    /// <summary>Name of the running copy.</summary>
    public required string ResourceName { get; init; }

    /// <summary>Services of the application.</summary>
    public required IServiceProvider ServiceProvider { get; init; }

    /// <summary>Writes to the resource's console log.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>Ends when whoever asked gives up.</summary>
    public required CancellationToken CancellationToken { get; init; }
}

/// <summary>How a command ended.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it did what it should.</summary>
    public required bool Success { get; init; }

    /// <summary>Whether it was given up.</summary>
    public bool Canceled { get; init; }

    /// <summary>What to tell whoever asked.</summary>
    public string? Message { get; init; }
}

/// <summary>Makes results.</summary>
public static class CommandResults
{
    /// <summary>Done.</summary>
    public static ExecuteCommandResult Success() => new() { Success = true };

    /// <summary>Done, with something to tell.</summary>
    public static ExecuteCommandResult Success(string message) => new() { Success = true, Message = message };

    /// <summary>Not done.</summary>
    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, Message = errorMessage };

    /// <summary>Not done because of an error.</summary>
    public static ExecuteCommandResult Failure(Exception exception) => Failure(exception.Message);

    /// <summary>Given up.</summary>
    public static ExecuteCommandResult Canceled() => new() { Success = false, Canceled = true };
}

/// <summary>Executes commands of resources.</summary>
public partial class ResourceCommandService
{
    private readonly DistributedApplicationModel _model;
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _loggers;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(
        DistributedApplicationModel model, ResourceNotificationService notifications, ResourceLoggerService loggers, IServiceProvider services) =>
        (_model, _notifications, _loggers, _services) = (model, notifications, loggers, services);

    /// <summary>Executes a command on every running copy of a resource, such as <c>start</c>, <c>stop</c> or <c>restart</c>.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(
        IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        foreach (var id in resource.InstanceNames())
        {
            var result = await Execute(resource, id, commandName, cancellationToken);
            if (!result.Success) return result;
        }
        return CommandResults.Success();
    }

    /// <summary>Executes a command on one running copy; the resource's name does for one that has no replicas.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(
        string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        var resource = _model.Resources.FirstOrDefault(resource => resource.InstanceNames().Contains(resourceId))
            ?? _model.Resources.FirstOrDefault(resource => resource.Name == resourceId);
        if (resource is null) return CommandResults.Failure($"There is no resource '{resourceId}'.");
        return resource.Name == resourceId
            ? await ExecuteCommandAsync(resource, commandName, cancellationToken)
            : await Execute(resource, resourceId, commandName, cancellationToken);
    }

    private async Task<ExecuteCommandResult> Execute(IResource resource, string id, string commandName, CancellationToken cancellationToken)
    {
        var command = resource.Annotations.OfType<ResourceCommandAnnotation>().LastOrDefault(command => command.Name == commandName);
        if (command is null) return CommandResults.Failure($"'{resource.Name}' has no command '{commandName}'.");
        if (_notifications.TryGetCurrentState(id, out var current)
            && command.UpdateState(new() { ResourceSnapshot = current.Snapshot, ServiceProvider = _services }) is not ResourceCommandState.Enabled)
        {
            return CommandResults.Failure($"'{commandName}' cannot be executed while '{resource.Name}' is {current.Snapshot.State?.Text}.");
        }

        var logger = _loggers.GetLogger(id);
        Executing(logger, commandName);
        try
        {
            return await command.ExecuteCommand(new()
            {
                ResourceName = id, ServiceProvider = _services, Logger = logger, CancellationToken = cancellationToken,
            });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return CommandResults.Canceled();
        }
#pragma warning disable CA1031 // A command is anybody's code; whatever goes wrong there is its result, and is told.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Failed(logger, commandName, error);
            return CommandResults.Failure(error);
        }
    }

    [LoggerMessage(LogLevel.Information, "Executing command '{Command}'.")]
    private static partial void Executing(ILogger logger, string command);

    [LoggerMessage(LogLevel.Error, "Command '{Command}' failed.")]
    private static partial void Failed(ILogger logger, string command, Exception error);
}
