namespace Aspire.Hosting;

/// <summary>Where a project is; the build writes a class <c>Projects.Name</c> for every referenced project.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>Path of the project file.</summary>
    string ProjectPath { get; }
}

/// <summary>Where the build puts a project's program, so that it starts without another build.</summary>
public interface IProjectOutputMetadata : IProjectMetadata
{
    /// <summary>Path of the assembly.</summary>
    string OutputPath { get; }
}

internal sealed record ProjectAt(string ProjectPath) : IProjectMetadata;
