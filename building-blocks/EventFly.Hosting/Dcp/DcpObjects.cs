using System.Text.Json.Serialization;

namespace Aspire.Hosting.Dcp;

/// <summary>A kind of object of the engine, and the collection it is in.</summary>
internal sealed record DcpKind<TSpec, TStatus>(string Name, string Collection);

internal static class DcpKinds
{
    public const string ApiVersion = "usvc-dev.developer.microsoft.com/v1";

    public static readonly DcpKind<ServiceSpec, ServiceStatus> Service = new("Service", "services");
    public static readonly DcpKind<ExecutableSpec, ProcessStatus> Executable = new("Executable", "executables");
    public static readonly DcpKind<ContainerSpec, ProcessStatus> Container = new("Container", "containers");
    public static readonly DcpKind<NetworkSpec, NetworkStatus> Network = new("ContainerNetwork", "containernetworks");
}

internal sealed record DcpObject<TSpec, TStatus>(string ApiVersion, string Kind, DcpMetadata Metadata, TSpec Spec, TStatus? Status);

internal sealed record DcpMetadata(string Name, string? Uid = null, Dictionary<string, string>? Annotations = null);

internal sealed record DcpList<TSpec, TStatus>(List<DcpObject<TSpec, TStatus>> Items);

/// <summary>What a watch reports; <c>Type</c> is ADDED, MODIFIED or DELETED.</summary>
internal sealed record DcpChange<TSpec, TStatus>(string Type, DcpObject<TSpec, TStatus> Object);

internal sealed record ServiceSpec(string Protocol, string AddressAllocationMode, string Address, int? Port);

internal sealed record ServiceStatus(string? State, string? EffectiveAddress, int? EffectivePort);

internal sealed record ExecutableSpec(
    string ExecutablePath, IReadOnlyList<string>? Args, string WorkingDirectory, string ExecutionType, IReadOnlyList<DcpVariable>? Env, bool? Stop = null);

internal sealed record DcpVariable(string Name, string? Value);

internal sealed record ContainerSpec(
    string Image, string ContainerName, string? Command, IReadOnlyList<string>? Args, IReadOnlyList<DcpVariable>? Env,
    IReadOnlyList<ContainerPort>? Ports, IReadOnlyList<ContainerMount>? VolumeMounts, IReadOnlyList<ContainerNetworkLink>? Networks,
    bool? Persistent, bool? Stop = null);

internal sealed record ContainerPort(int ContainerPortNumber, string Protocol)
{
    [JsonPropertyName("containerPort")]
    public int ContainerPortNumber { get; init; } = ContainerPortNumber;
}

internal sealed record ContainerMount(string Type, string? Source, string Target, bool ReadOnly);

internal sealed record ContainerNetworkLink(string Name, IReadOnlyList<string> Aliases);

internal sealed record NetworkSpec(string NetworkName, bool Ipv6);

internal sealed record NetworkStatus(string? State);

/// <summary>Status of an executable or a container; the two differ in little.</summary>
internal sealed record ProcessStatus(
    string? State, int? Pid, string? ContainerId, int? ExitCode, string? Message, DateTimeOffset? StartupTimestamp,
    DateTimeOffset? FinishTimestamp, List<DcpVariable>? EffectiveEnv, List<string>? EffectiveArgs);

/// <summary>Which container engine there is, as <c>dcp info</c> says.</summary>
internal sealed record DcpInfo(ContainerEngine? Containers);

internal sealed record ContainerEngine(string? Runtime, bool Installed, bool Running, string? Error);

/// <summary>Says which endpoint of which resource stands behind a service.</summary>
internal sealed record ServiceProducer(string ServiceName, string Address, int? Port);
