using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Orchestration;

/// <summary>The container is a program this time.</summary>
internal sealed record RunsAsProgramAnnotation(string Path, ProgramAnnotation Program) : IResourceAnnotation;

/// <summary>Where no container engine runs, containers that know a program for it become that program.</summary>
internal static class ProgramFallback
{
    /// <exception cref="DistributedApplicationException">The program is not there either.</exception>
    public static void Choose(IEnumerable<IResource> resources, ContainerEngine engine)
    {
        if (engine is { Installed: true, Running: true }) return;
        foreach (var container in resources.OfType<ContainerResource>())
        {
            if (!container.TryGetLastAnnotation<ProgramAnnotation>(out var program)) continue;
            var path = OnPath(program.Command) ?? throw new DistributedApplicationException(
                $"'{container.Name}' needs {program.Command}, which is not on PATH, and no container engine runs: install it with `{program.Install}`.");
            container.Annotations.Add(new RunsAsProgramAnnotation(path, program));
        }
    }

    // Debian keeps servers where the PATH of an ordinary user does not look.
    private static string? OnPath(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/local/sbin", "/usr/sbin"])
            .Select(folder => Path.Combine(folder, command))
            .FirstOrDefault(File.Exists);
}
