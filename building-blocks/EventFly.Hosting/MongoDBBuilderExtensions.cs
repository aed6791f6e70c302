using System.Globalization;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting;

/// <summary>MongoDB servers and their databases.</summary>
public static class MongoDBBuilderExtensions
{
    private const string ReplicaSet = "rs0";

    /// <summary>
    /// Adds a MongoDB server, a replica set of one: a container where an engine runs, else <c>mongod</c> from PATH. It is healthy when it is primary.
    /// Anybody on this machine may connect; without a folder nothing is kept.
    /// </summary>
    public static IResourceBuilder<MongoDBServerResource> AddMongoDB(this IDistributedApplicationBuilder builder, string name, int? port = null)
    {
        var mongo = new MongoDBServerResource(name);
        var check = builder.AddCheck($"{name}_check", new MongoIsPrimary(mongo.PrimaryEndpoint));
        return builder.AddResource(mongo)
            .WithImage("library/mongo", "8.0").WithImageRegistry("docker.io")
            .WithEndpoint(port: port, targetPort: 27017, name: MongoDBServerResource.PrimaryEndpointName)
            .WithHealthCheck(check)
            .WithArgs(context =>
            {
                context.Args.Add("--replSet");
                context.Args.Add(ReplicaSet);
                if (context.Resource.HasAnnotationOfType<RunsAsProgramAnnotation>()) return;
                context.Args.Add("--bind_ip_all");
            })
            .WithAnnotation(new ProgramAnnotation("mongod", "see https://www.mongodb.com/docs/manual/installation", (at, data, temporary) =>
                ["--bind_ip", "127.0.0.1", "--port", at.ToString(CultureInfo.InvariantCulture), "--dbpath", Existing(data ?? temporary)]));
    }

    /// <summary>A database of the server; MongoDB makes it when something is written to it.</summary>
    public static IResourceBuilder<MongoDBDatabaseResource> AddDatabase(this IResourceBuilder<MongoDBServerResource> builder, string name)
    {
        var database = new MongoDBDatabaseResource(name, builder.Resource);
        return builder.ApplicationBuilder.AddResource(database).WithInitialState(new CustomResourceSnapshot
        {
            ResourceType = "MongoDB database", State = KnownResourceStates.Running, Properties = [new("Server", builder.Resource.Name)],
        }).WithIconName("Database");
    }

    /// <summary>Keeps everything between runs, in a folder of this machine.</summary>
    public static IResourceBuilder<MongoDBServerResource> WithDataBindMount(
        this IResourceBuilder<MongoDBServerResource> builder, string source, bool isReadOnly = false) =>
        builder.WithBindMount(source, "/data/db", isReadOnly);

    private static string Existing(string folder) => Directory.CreateDirectory(folder).FullName;
}

/// <summary>A MongoDB server, a replica set of one.</summary>
public class MongoDBServerResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";

    /// <summary>Where clients connect.</summary>
    public EndpointReference PrimaryEndpoint => field ??= new(this, PrimaryEndpointName);

    /// <summary>Straight to the server, whatever name it has in its own replica set.</summary>
    public ReferenceExpression ConnectionStringExpression => ConnectionStringTo("");

    internal ReferenceExpression ConnectionStringTo(string database) => ReferenceExpression.Create(
        $"mongodb://{PrimaryEndpoint.Property(EndpointProperty.Host)}:{PrimaryEndpoint.Property(EndpointProperty.Port)}/{database}?directConnection=true");
}

/// <summary>A database of a MongoDB server.</summary>
public class MongoDBDatabaseResource(string name, MongoDBServerResource parent)
    : Resource(name), IResourceWithConnectionString, IResourceWithParent<MongoDBServerResource>
{
    /// <inheritdoc />
    public MongoDBServerResource Parent { get; } = parent;

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => Parent.ConnectionStringTo(Name);
}
