namespace Aspire.Hosting.ApplicationModel;

/// <summary>States that everybody knows.</summary>
public static class KnownResourceStates
{
    /// <summary>Nobody has started it.</summary>
    public static readonly string NotStarted = nameof(NotStarted);

    /// <summary>It waits for other resources.</summary>
    public static readonly string Waiting = nameof(Waiting);

    /// <summary>Its process is being made.</summary>
    public static readonly string Starting = nameof(Starting);

    /// <summary>Its process runs.</summary>
    public static readonly string Running = nameof(Running);

    /// <summary>It is there without a process of its own.</summary>
    public static readonly string Active = nameof(Active);

    /// <summary>The container engine has a problem.</summary>
    public static readonly string RuntimeUnhealthy = nameof(RuntimeUnhealthy);

    /// <summary>Its process is asked to end.</summary>
    public static readonly string Stopping = nameof(Stopping);

    /// <summary>The container has ended.</summary>
    public static readonly string Exited = nameof(Exited);

    /// <summary>The process has ended.</summary>
    public static readonly string Finished = nameof(Finished);

    /// <summary>The process could not be made.</summary>
    public static readonly string FailedToStart = nameof(FailedToStart);

    /// <summary>A parameter that nobody has set.</summary>
    public static readonly string ValueMissing = "Value missing";

    /// <summary>Not listed.</summary>
    public static readonly string Hidden = nameof(Hidden);

    /// <summary>States in which nothing runs any more.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}

/// <summary>Colours of states.</summary>
public static class KnownResourceStateStyles
{
    /// <summary>Green.</summary>
    public static readonly string Success = "success";

    /// <summary>Blue.</summary>
    public static readonly string Info = "info";

    /// <summary>Yellow.</summary>
    public static readonly string Warn = "warning";

    /// <summary>Red.</summary>
    public static readonly string Error = "error";
}
