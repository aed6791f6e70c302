namespace EventFly.AppHost;

/// <summary>A MongoDB that somebody else runs. The parts of its connection string around the database's name may hold a password.</summary>
internal sealed class MongoDbDeploymentResource(string name, ParameterResource server, string options) : Resource(name)
{
    public ReferenceExpression ConnectionStringTo(string database) => ReferenceExpression.Create($"{server}/{database}{options}");
}

/// <summary>A database of it.</summary>
internal sealed class MongoDbDeploymentDatabaseResource(string name, MongoDbDeploymentResource parent)
    : Resource(name), IResourceWithConnectionString, IResourceWithParent<MongoDbDeploymentResource>
{
    public MongoDbDeploymentResource Parent { get; } = parent;

    public ReferenceExpression ConnectionStringExpression => Parent.ConnectionStringTo(Name);
}

internal static class MongoDbDeploymentExtensions
{
    /// <param name="uri">Such as <c>mongodb://user:password@one,two/?replicaSet=rs0</c>; a database that it names is where the user is known.</param>
    public static IResourceBuilder<MongoDbDeploymentResource> AddMongoDbDeployment(this IDistributedApplicationBuilder builder, string name, string uri)
    {
        var (server, options, shown) = Split(uri);
        var secret = builder.AddParameter($"{name}-server", server, secret: true);
        return builder.AddResource(new MongoDbDeploymentResource(name, secret.Resource, options))
            .WithInitialState(Shown("MongoDB", "Servers", shown)).WithIconName("Database");
    }

    /// <summary>A server of this run's own: a container, or <c>mongod</c> from PATH.</summary>
    public static Func<string, IResourceBuilder<IResourceWithConnectionString>> AddLocalMongoDb(this IDistributedApplicationBuilder builder, string name, string folder)
    {
        var server = builder.AddMongoDB(name).WithDataBindMount(folder);
        return database => server.AddDatabase(database);
    }

    public static IResourceBuilder<MongoDbDeploymentDatabaseResource> AddDatabase(this IResourceBuilder<MongoDbDeploymentResource> builder, string name) =>
        builder.ApplicationBuilder.AddResource(new MongoDbDeploymentDatabaseResource(name, builder.Resource))
            .WithInitialState(Shown("MongoDB database", "Database", name)).WithIconName("Database");

    /// <summary>What stands before the database's name, what behind it, and the hosts, which may be shown.</summary>
    private static (string Server, string Options, string Shown) Split(string uri)
    {
        var question = uri.IndexOf('?');
        var (path, options) = question < 0 ? (uri, "") : (uri[..question], uri[question..]);
        var begin = path.IndexOf("://", StringComparison.Ordinal) + 3;
        var slash = path.IndexOf('/', begin);
        var (server, database) = slash < 0 ? (path, "") : (path[..slash], path[(slash + 1)..]);
        var at = server.LastIndexOf('@');
        if (at > 0 && !options.Contains("authSource=", StringComparison.OrdinalIgnoreCase))
        {
            options += $"{(options.Length == 0 ? "?" : "&")}authSource={(database.Length > 0 ? database : "admin")}";
        }
        return (server, options, server[(at > 0 ? at + 1 : begin)..]);
    }

    private static CustomResourceSnapshot Shown(string type, string property, string value) => new()
    {
        ResourceType = type, State = KnownResourceStates.Running, Properties = [new(property, value)],
    };
}
