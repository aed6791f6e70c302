using System.Globalization;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting;

/// <summary>NATS servers.</summary>
public static class NatsBuilderExtensions
{
    private const string DataFolder = "/var/lib/nats";

    /// <summary>Adds a NATS server: a container where an engine runs, else <c>nats-server</c> from PATH.</summary>
    public static IResourceBuilder<NatsServerResource> AddNats(this IDistributedApplicationBuilder builder, string name, int? port) =>
        builder.AddNats(name, port, null);

    /// <summary>
    /// Adds a NATS server: a container where an engine runs, else <c>nats-server</c> from PATH.
    /// Without a password anybody on this machine may connect.
    /// </summary>
    public static IResourceBuilder<NatsServerResource> AddNats(
        this IDistributedApplicationBuilder builder, string name, int? port = null,
        IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null)
    {
        var nats = new NatsServerResource(name, userName?.Resource, password?.Resource);
        var check = builder.AddCheck($"{name}_check", new PortAnswers(nats.PrimaryEndpoint, [], "INFO "u8.ToArray()));
        return builder.AddResource(nats)
            .WithImage("library/nats", "2.12").WithImageRegistry("docker.io")
            .WithEndpoint(port: port, targetPort: 4222, name: NatsServerResource.PrimaryEndpointName)
            .WithHealthCheck(check)
            .WithArgs(context =>
            {
                if (nats.PasswordParameter is not { } secret) return;
                context.Args.Add("--user");
                context.Args.Add(nats.UserNameReference);
                context.Args.Add("--pass");
                context.Args.Add(secret);
            })
            .WithAnnotation(new ProgramAnnotation("nats-server", "apt-get install nats-server", (at, data, temporary) =>
                ["--addr", "127.0.0.1", "--port", at.ToString(CultureInfo.InvariantCulture), "--store_dir", data ?? temporary]));
    }

    /// <summary>Keeps messages in streams.</summary>
    public static IResourceBuilder<NatsServerResource> WithJetStream(this IResourceBuilder<NatsServerResource> builder) =>
        builder.WithArgs("--jetstream");

    /// <summary>Keeps streams between runs, in a volume; a program keeps it under the user's local application data.</summary>
    public static IResourceBuilder<NatsServerResource> WithDataVolume(
        this IResourceBuilder<NatsServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithVolume(name ?? $"{builder.Resource.Name}-data", DataFolder, isReadOnly).WithArgs(StoreInContainer);

    /// <summary>Keeps streams between runs, in a folder of this machine.</summary>
    public static IResourceBuilder<NatsServerResource> WithDataBindMount(
        this IResourceBuilder<NatsServerResource> builder, string source, bool isReadOnly = false) =>
        builder.WithBindMount(source, DataFolder, isReadOnly).WithArgs(StoreInContainer);

    // A program gets its folder by its own arguments.
    private static void StoreInContainer(CommandLineArgsCallbackContext context)
    {
        if (context.Resource.HasAnnotationOfType<RunsAsProgramAnnotation>()) return;
        context.Args.Add("--store_dir");
        context.Args.Add(DataFolder);
    }
}
