namespace Aspire.Hosting;

/// <summary>What is being done with the description of the application.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>It runs here.</summary>
    Run,

    /// <summary>It is written out for another place; not supported here.</summary>
    Publish,
}

/// <summary>What is being done with the description of the application.</summary>
public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    internal static readonly DistributedApplicationExecutionContext Running = new(DistributedApplicationOperation.Run);

    /// <summary>The operation.</summary>
    public DistributedApplicationOperation Operation { get; } = operation;

    /// <summary>Whether it runs here.</summary>
    public bool IsRunMode => Operation is DistributedApplicationOperation.Run;

    /// <summary>Whether it is written out for another place.</summary>
    public bool IsPublishMode => Operation is DistributedApplicationOperation.Publish;
}
