namespace EventFly.AppHost;

/// <summary>A folder of SQLite files. The services open them; nothing runs.</summary>
internal sealed class SqliteFolderResource(string name, string folder) : Resource(name)
{
    public string Folder { get; } = folder;
}

/// <summary>One SQLite file.</summary>
internal sealed class SqliteDatabaseResource(string name, SqliteFolderResource parent)
    : Resource(name), IResourceWithConnectionString, IResourceWithParent<SqliteFolderResource>
{
    public SqliteFolderResource Parent { get; } = parent;

    public string File => Path.Combine(Parent.Folder, $"{Name}.db");

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"sqlite:{File}");
}

internal static class SqliteFolderExtensions
{
    public static IResourceBuilder<SqliteFolderResource> AddSqlite(this IDistributedApplicationBuilder builder, string name, string folder) =>
        builder.AddResource(new SqliteFolderResource(name, folder))
            .WithInitialState(Shown("SQLite", "Folder", folder)).WithIconName("Database");

    public static IResourceBuilder<SqliteDatabaseResource> AddDatabase(this IResourceBuilder<SqliteFolderResource> builder, string name)
    {
        var database = new SqliteDatabaseResource(name, builder.Resource);
        return builder.ApplicationBuilder.AddResource(database)
            .WithInitialState(Shown("SQLite database", "File", database.File)).WithIconName("Database");
    }

    private static CustomResourceSnapshot Shown(string type, string property, string value) => new()
    {
        ResourceType = type, State = KnownResourceStates.Running, Properties = [new(property, value)],
    };
}
