using System.Xml.Linq;
using Mono.Cecil;

namespace EventFly.Architecture.Tests;

/// <summary>The product as it was built, and the files it was built from.</summary>
internal static class Product
{
    /// <summary>The services, in the order of the map. A service that is missing here fails <see cref="ProjectTests"/>.</summary>
    public static readonly string[] Services = ["Auth", "Organizations", "Events", "Participants", "Payments"];

    public static string Root { get; } = FindRoot();

    public static IEnumerable<AssemblyDefinition> ServiceAssemblies => Services.Select(service => Assembly($"EventFly.{service}"));

    public static AssemblyDefinition Assembly(string name) => AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, name + ".dll"));

    /// <summary>This test project: what is planted in it must be reported.</summary>
    public static AssemblyDefinition Planted { get; } = AssemblyDefinition.ReadAssembly(typeof(Product).Assembly.Location);

    /// <summary>All projects but the tests, by name.</summary>
    public static IReadOnlyList<Project> Projects { get; } =
    [
        .. new[] { "EventFly.AppHost", "EventFly.Contracts", "EventFly.ServiceDefaults", "building-blocks", "services", "gateway", "dev" }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(file => new Project(
                Path.GetFileNameWithoutExtension(file),
                Path.GetRelativePath(Root, file).Replace('\\', '/').Split('/')[0],
                [.. XDocument.Load(file).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))])),
    ];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "EventFly.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run below the repository.");
        }

        return folder.FullName;
    }
}

/// <param name="Place">Its folder at the top of the tree.</param>
/// <param name="References">Names of the projects that it references.</param>
internal sealed record Project(string Name, string Place, IReadOnlyList<string> References);
