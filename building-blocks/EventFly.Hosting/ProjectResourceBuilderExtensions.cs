namespace Aspire.Hosting;

/// <summary>How a project is added.</summary>
public class ProjectResourceOptions
{
    /// <summary>Profile of launchSettings.json; null takes the first that starts the project.</summary>
    public string? LaunchProfileName { get; set; }

    /// <summary>Takes nothing from launchSettings.json.</summary>
    public bool ExcludeLaunchProfile { get; set; }

    /// <summary>Takes no endpoint from the project's own settings.</summary>
    public bool ExcludeKestrelEndpoints { get; set; }
}

/// <summary>.NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a referenced project.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() => Add(builder, name, new TProject(), new());

    /// <summary>Adds a referenced project with a profile of its launchSettings.json; null takes none.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new() => Add(builder, name, new TProject(), WithProfile(launchProfileName));

    /// <summary>Adds a referenced project.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new()
    {
        var options = new ProjectResourceOptions();
        configure(options);
        return Add(builder, name, new TProject(), options);
    }

    /// <summary>Adds a project by the path of its file, relative to the AppHost; it is started by <c>dotnet run --no-build</c>.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, string name, string projectPath) =>
        Add(builder, name, new ProjectAt(Path.GetFullPath(projectPath, builder.AppHostDirectory)), new());

    /// <summary>Adds a project by the path of its file with a profile of its launchSettings.json; null takes none.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, string projectPath, string? launchProfileName) =>
        Add(builder, name, new ProjectAt(Path.GetFullPath(projectPath, builder.AppHostDirectory)), WithProfile(launchProfileName));

    /// <summary>Runs the project several times behind the same endpoints.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicas);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);
    }

    private static ProjectResourceOptions WithProfile(string? name) => new() { LaunchProfileName = name, ExcludeLaunchProfile = name is null };

    private static IResourceBuilder<ProjectResource> Add<TProject>(
        IDistributedApplicationBuilder builder, string name, TProject project, ProjectResourceOptions options)
        where TProject : IProjectMetadata
    {
        var added = builder.AddResource(new ProjectResource(name)).WithAnnotation<IProjectMetadata>(project).WithOtlpExporter();
        if (LaunchProfile.Read(project.ProjectPath, options) is { } profile) profile.ApplyTo(added);
        return added.WithEnvironment(context =>
        {
            var urls = added.Resource.GetEndpoints().Where(endpoint => endpoint.IsHttp)
                .Select(endpoint => ReferenceExpression.Create(
                    $"{endpoint.Scheme}://{endpoint.EndpointAnnotation.TargetHost}:{endpoint.Property(EndpointProperty.TargetPort)}"))
                .ToList();
            if (urls.Count > 0) context.EnvironmentVariables["ASPNETCORE_URLS"] = Joined(urls);
        });
    }

    private static ReferenceExpression Joined(List<ReferenceExpression> urls) =>
        urls.Aggregate((sofar, next) => ReferenceExpression.Create($"{sofar};{next}"));
}
