using System.Globalization;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting;

/// <summary>Redis servers.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>Adds a Redis server: a container where an engine runs, else <c>redis-server</c> from PATH.</summary>
    public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, string name, int? port) =>
        builder.AddRedis(name, port, null);

    /// <summary>
    /// Adds a Redis server: a container where an engine runs, else <c>redis-server</c> from PATH.
    /// Without a password anybody on this machine may connect; without a volume nothing is kept.
    /// </summary>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
    {
        var redis = new RedisResource(name) { PasswordParameter = password?.Resource };
        // Without the password the answer is -NOAUTH, which is as much a sign of life.
        var sign = password is null ? "+PONG"u8.ToArray() : "-NOAUTH"u8.ToArray();
        var check = builder.AddCheck($"{name}_check", new PortAnswers(redis.PrimaryEndpoint, "PING\r\n"u8.ToArray(), sign));
        return builder.AddResource(redis)
            .WithImage("library/redis", "8.2").WithImageRegistry("docker.io")
            .WithEndpoint(port: port, targetPort: 6379, name: RedisResource.PrimaryEndpointName)
            .WithHealthCheck(check)
            .WithArgs(context =>
            {
                // A container's image says which program; arguments alone would be taken for one.
                if (!context.Resource.HasAnnotationOfType<RunsAsProgramAnnotation>()) context.Args.Add("redis-server");
                if (redis.PasswordParameter is not { } secret) return;
                context.Args.Add("--requirepass");
                context.Args.Add(secret);
            })
            .WithAnnotation(new ProgramAnnotation("redis-server", "apt-get install redis-server", (at, data, temporary) =>
            [
                "--bind", "127.0.0.1", "--port", at.ToString(CultureInfo.InvariantCulture), "--daemonize", "no", "--save", "",
                "--dir", data ?? temporary, "--appendonly", data is null ? "no" : "yes",
            ]));
    }

    /// <summary>Keeps everything between runs, in a volume; a program keeps it under the user's local application data.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(
        this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithVolume(name ?? $"{builder.Resource.Name}-data", "/data", isReadOnly);

    /// <summary>Keeps everything between runs, in a folder of this machine.</summary>
    public static IResourceBuilder<RedisResource> WithDataBindMount(
        this IResourceBuilder<RedisResource> builder, string source, bool isReadOnly = false) =>
        builder.WithBindMount(source, "/data", isReadOnly);
}
