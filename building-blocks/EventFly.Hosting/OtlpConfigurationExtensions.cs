namespace Aspire.Hosting;

/// <summary>Telemetry of processes.</summary>
public static class OtlpConfigurationExtensions
{
    /// <summary>Tells the process where to send its telemetry; projects are told anyway.</summary>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment =>
        builder.WithAnnotation(new OtlpExporterAnnotation(), ResourceAnnotationMutationBehavior.Replace);
}
