using System.Globalization;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Orchestration;

/// <summary>Everything a process is started with, all values filled in.</summary>
internal sealed record ProcessPlan(
    string Program, IReadOnlyList<string> Arguments, IReadOnlyList<string> ShownArguments, string WorkingDirectory, IReadOnlyList<DcpVariable> Environment);

/// <summary>Works out what a process is started with, just before each start.</summary>
internal sealed class ProcessPlanner(
    DashboardSettings dashboard, DistributedApplicationOptions options, ResourceLoggerService loggers, DcpServer engine)
{
    public async Task<ProcessPlan> Plan(IResource resource, ResourceInstance instance, CancellationToken cancellationToken)
    {
        var environment = await Variables(resource, instance, cancellationToken);
        var arguments = await Arguments(resource, cancellationToken);
        if (resource.TryGetLastAnnotation<RunsAsProgramAnnotation>(out var fallback)) return AsProgram(resource, fallback, arguments, environment);

        return resource switch
        {
            ProjectResource project => AsProject(project, arguments, environment),
            ExecutableResource executable => new ProcessPlan(executable.Command, arguments, arguments, executable.WorkingDirectory, environment),
            ContainerResource container => new ProcessPlan(container.Entrypoint ?? "", arguments, arguments, "", environment),
            _ => throw new InvalidOperationException($"'{resource.Name}' is nothing that runs."),
        };
    }

    private static ProcessPlan AsProject(ProjectResource resource, IReadOnlyList<string> arguments, IReadOnlyList<DcpVariable> environment)
    {
        var project = resource.Annotations.OfType<IProjectMetadata>().Last();
        var folder = Path.GetDirectoryName(project.ProjectPath)!;
        if (project is not IProjectOutputMetadata { OutputPath: var assembly })
        {
            return new ProcessPlan(Dotnet, ["run", "--no-build", "--no-launch-profile", "--project", project.ProjectPath, "--", .. arguments], arguments, folder, environment);
        }
        return File.Exists(assembly)
            ? new ProcessPlan(Dotnet, ["exec", assembly, .. arguments], arguments, folder, environment)
            : throw new DistributedApplicationException($"'{resource.Name}' has not been built: {assembly} is missing.");
    }

    private ProcessPlan AsProgram(
        IResource resource, RunsAsProgramAnnotation fallback, IReadOnlyList<string> arguments, IReadOnlyList<DcpVariable> environment)
    {
        var port = resource.Annotations.OfType<EndpointAnnotation>().First().AllocatedEndpoint!.Port;
        var mount = resource.Annotations.OfType<ContainerMountAnnotation>().FirstOrDefault();
        var data = mount is null ? null : mount.Type is ContainerMountType.BindMount ? mount.Source! : FolderOf(mount.Source ?? resource.Name);
        if (data is not null) Directory.CreateDirectory(data);
        // What nobody asked to keep goes away with the session.
        var folder = data ?? Directory.CreateDirectory(Path.Combine(engine.SessionFolder, resource.Name)).FullName;
        var own = fallback.Program.Arguments(port, data, folder);
        string[] all = [.. own.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture) ?? ""), .. arguments];
        return new ProcessPlan(fallback.Path, all, all, folder, environment);
    }

    private static string FolderOf(string volume) => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "eventfly", "volumes", volume);

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host
        : Path.GetFileName(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    private async Task<IReadOnlyList<string>> Arguments(IResource resource, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellationToken) { Logger = loggers.GetLogger(resource) };
        foreach (var added in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>()) await added.Callback(context);
        var arguments = new List<string>();
        foreach (var argument in context.Args)
        {
            if (await Text(argument, resource, cancellationToken) is { } text) arguments.Add(text);
        }
        return arguments;
    }

    private async Task<IReadOnlyList<DcpVariable>> Variables(IResource resource, ResourceInstance instance, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, object>(StringComparer.Ordinal);
        if (!options.DisableDashboard && resource.HasAnnotationOfType<OtlpExporterAnnotation>()) AddTelemetry(variables, resource, instance);
        var context = new EnvironmentCallbackContext(DistributedApplicationExecutionContext.Running, resource, variables, cancellationToken)
        {
            Logger = loggers.GetLogger(resource),
        };
        foreach (var added in resource.Annotations.OfType<EnvironmentCallbackAnnotation>()) await added.Callback(context);

        var filled = new List<DcpVariable>();
        foreach (var (name, value) in variables)
        {
            if (await Text(value, resource, cancellationToken) is { } text) filled.Add(new DcpVariable(name, text));
        }
        return filled;
    }

    private void AddTelemetry(Dictionary<string, object> variables, IResource resource, ResourceInstance instance)
    {
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = dashboard.OtlpEndpoint;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={dashboard.OtlpKey}";
        variables["OTEL_SERVICE_NAME"] = resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance.Suffix}";
        // Whoever looks at the dashboard wants to see at once, and everything.
        variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
    }

    private static async ValueTask<string?> Text(object value, IResource caller, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(new ValueProviderContext { Caller = caller }, cancellationToken)
            ?? throw new DistributedApplicationException($"A value that '{caller.Name}' needs is not set."),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
