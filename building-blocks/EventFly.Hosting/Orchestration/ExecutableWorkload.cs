using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Orchestration;

/// <summary>A process of this machine.</summary>
internal sealed class ExecutableWorkload(WorkloadFactory common, IResource resource, ResourceInstance instance)
    : Workload(common, resource, instance)
{
    protected override string TypeName => Resource is ProjectResource ? "Project" : "Executable";

    public Task Observe(DcpObject<ExecutableSpec, ProcessStatus> process, CancellationToken cancellationToken) =>
        Observe(process.Metadata, process.Status, cancellationToken);

    protected override Task Create(ProcessPlan plan, Dictionary<string, string> annotations, CancellationToken cancellationToken) =>
        Common.Engine.Client.Create(
            DcpKinds.Executable, Instance.Name,
            new ExecutableSpec(plan.Program, plan.Arguments, plan.WorkingDirectory, "Process", plan.Environment), annotations, cancellationToken);

    protected override Task Delete(CancellationToken cancellationToken) =>
        Common.Engine.Client.Delete(DcpKinds.Executable, Instance.Name, cancellationToken);

    protected override Task RequestStop(CancellationToken cancellationToken) =>
        Common.Engine.Client.Stop(DcpKinds.Executable, Instance.Name, cancellationToken);

    protected override IEnumerable<(string Source, IAsyncEnumerable<string> Lines)> Logs(CancellationToken cancellationToken) =>
        ((string[])["stdout", "stderr", "system"])
            .Select(source => (source, Common.Engine.Client.Log(DcpKinds.Executable, Instance.Name, source, cancellationToken)));

    protected override IEnumerable<ResourcePropertySnapshot> Properties(ProcessPlan plan)
    {
        if (Resource.TryGetLastAnnotation<IProjectMetadata>(out var project)) yield return new("project.path", project.ProjectPath);
        yield return new("executable.path", plan.Program);
        yield return new("executable.workDir", plan.WorkingDirectory);
        yield return new("executable.args", plan.Arguments);
        // The command line as its author sees it, without what it takes to start a project.
        yield return new("resource.appArgs", plan.ShownArguments);
    }

    protected override string StateOf(ProcessStatus status) => status.State switch
    {
        "Terminated" => KnownResourceStates.Finished,
        "Unknown" => KnownResourceStates.Starting,
        var known => known!,
    };
}
