using System.Text.Json;
using Aspire.Hosting.Dcp;

namespace EventFly.Hosting.Tests;

public sealed class Pinning
{
    /// <summary>The engine's interface is internal to Aspire: a version that nobody has tried must not slip in.</summary>
    [Fact]
    public void Package_and_script_name_the_version_that_the_code_was_written_for()
    {
        var root = Path.GetDirectoryName(typeof(Pinning).Assembly.Location)!;
        while (!File.Exists(Path.Combine(root, "EventFly.sln"))) root = Path.GetDirectoryName(root)!;

        using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, "package.json")));
        Assert.Equal(
            AspireBundle.Version, package.RootElement.GetProperty("dependencies").GetProperty("@microsoft/aspire-cli-linux-x64").GetString());
        Assert.Contains($"aspire_version={AspireBundle.Version}\n", File.ReadAllText(Path.Combine(root, "eventfly")));
    }
}
