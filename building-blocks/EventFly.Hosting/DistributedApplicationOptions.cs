namespace Aspire.Hosting;

/// <summary>How to make the application.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>Command line; becomes configuration.</summary>
    public string[]? Args { get; set; }

    /// <summary>Name of the assembly that describes the application; null means the one that was started.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>Folder of the project that describes the application; null takes what the build wrote down.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>What the dashboard calls the application.</summary>
    public string? DashboardApplicationName { get; set; }

    /// <summary>Runs without dashboard.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>Everything listens on loopback without TLS, so this changes nothing here.</summary>
    public bool AllowUnsecuredTransport { get; set; }
}
