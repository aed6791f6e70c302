namespace Aspire.Hosting;

/// <summary>Resources of other kinds.</summary>
public static class CustomResourceExtensions
{
    /// <summary>Says how the resource looks before anybody changes it.</summary>
    public static IResourceBuilder<TResource> WithInitialState<TResource>(
        this IResourceBuilder<TResource> builder, CustomResourceSnapshot initialSnapshot)
        where TResource : IResource =>
        builder.WithAnnotation(new ResourceSnapshotAnnotation(initialSnapshot), ResourceAnnotationMutationBehavior.Replace);
}
