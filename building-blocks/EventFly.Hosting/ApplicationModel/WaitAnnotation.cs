namespace Aspire.Hosting.ApplicationModel;

/// <summary>What to wait for.</summary>
public enum WaitType
{
    /// <summary>Until it runs and is healthy.</summary>
    WaitUntilHealthy,

    /// <summary>Until it has ended with the expected exit code.</summary>
    WaitForCompletion,

    /// <summary>Until its process runs.</summary>
    WaitUntilStarted,
}

/// <summary>What to do when the awaited resource ends or fails to start.</summary>
public enum WaitBehavior
{
    /// <summary>Go on waiting: somebody may start it again from the dashboard.</summary>
    WaitOnResourceUnavailable,

    /// <summary>Fail.</summary>
    StopOnResourceUnavailable,
}

/// <summary>The resource starts only after another one.</summary>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>What it waits for.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Until when it waits.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>Exit code that counts as completed.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What to do when the awaited resource is gone; null takes the application's default.</summary>
    public WaitBehavior? WaitBehavior { get; init; }
}
