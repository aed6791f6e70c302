using System.Globalization;
using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Orchestration;

/// <summary>A container.</summary>
internal sealed class ContainerWorkload(WorkloadFactory common, ContainerResource container, ResourceInstance instance)
    : Workload(common, container, instance)
{
    public const string Network = "eventfly-container-network";

    protected override string TypeName => "Container";

    private string Image
    {
        get
        {
            var image = container.Annotations.OfType<ContainerImageAnnotation>().Last();
            return $"{(image.Registry is { Length: > 0 } registry ? registry + "/" : "")}{image.Image}:{image.Tag ?? "latest"}";
        }
    }

    public Task Observe(DcpObject<ContainerSpec, ProcessStatus> process, CancellationToken cancellationToken) =>
        Observe(process.Metadata, process.Status, cancellationToken);

    protected override Task Create(ProcessPlan plan, Dictionary<string, string> annotations, CancellationToken cancellationToken)
    {
        var persistent = container.Annotations.OfType<ContainerLifetimeAnnotation>().LastOrDefault()?.Lifetime is ContainerLifetime.Persistent;
        var spec = new ContainerSpec(
            Image,
            container.Annotations.OfType<ContainerNameAnnotation>().LastOrDefault()?.Name ?? Instance.Name,
            container.Entrypoint, plan.Arguments, plan.Environment,
            [.. container.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.TargetPort is not null)
                .Select(endpoint => new ContainerPort(endpoint.TargetPort!.Value, "TCP"))],
            [.. container.Annotations.OfType<ContainerMountAnnotation>().Select(mount => new ContainerMount(
                mount.Type is ContainerMountType.BindMount ? "bind" : "volume", mount.Source ?? $"{Instance.Name}-{mount.Target.Trim('/').Replace('/', '-')}",
                mount.Target, mount.IsReadOnly))],
            [new ContainerNetworkLink(Network, [container.Name, $"{container.Name}.dev.internal"])],
            persistent ? true : null);
        foreach (var mount in container.Annotations.OfType<ContainerMountAnnotation>())
        {
            if (mount is { Type: ContainerMountType.BindMount, Source: { } folder } && !File.Exists(folder)) Directory.CreateDirectory(folder);
        }
        return Common.Engine.Client.Create(DcpKinds.Container, Instance.Name, spec, annotations, cancellationToken);
    }

    protected override Task Delete(CancellationToken cancellationToken) =>
        Common.Engine.Client.Delete(DcpKinds.Container, Instance.Name, cancellationToken);

    protected override Task RequestStop(CancellationToken cancellationToken) =>
        Common.Engine.Client.Stop(DcpKinds.Container, Instance.Name, cancellationToken);

    protected override IEnumerable<(string Source, IAsyncEnumerable<string> Lines)> Logs(CancellationToken cancellationToken) =>
        ((string[])["startup_stdout", "startup_stderr", "stdout", "stderr", "system"])
            .Select(source => (source, Common.Engine.Client.Log(DcpKinds.Container, Instance.Name, source, cancellationToken)));

    protected override IEnumerable<ResourcePropertySnapshot> Properties(ProcessPlan plan) =>
    [
        new("container.image", Image),
        new("container.command", plan.Program),
        new("container.args", plan.Arguments),
        new("container.ports", string.Join(", ", container.Annotations.OfType<EndpointAnnotation>()
            .Select(endpoint => endpoint.TargetPort?.ToString(CultureInfo.InvariantCulture)))),
        new("container.lifetime", (container.Annotations.OfType<ContainerLifetimeAnnotation>().LastOrDefault()?.Lifetime ?? default).ToString()),
    ];

    protected override string StateOf(ProcessStatus status) => status.State switch
    {
        "Pending" or "Building" or "Unknown" => KnownResourceStates.Starting,
        var known => known!,
    };
}
