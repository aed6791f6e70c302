using System.Xml.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace EventFly.Architecture.Tests;

/// <summary>What takes a protection away is compiled in a configuration of its own, and nowhere else.</summary>
public class SabotageTests
{
    private const string Constant = "SABOTAGE";
    private const string Switch = "EVENTFLY_BREAK";

    [Fact]
    public void No_protection_can_be_taken_away_in_what_is_built_here()
    {
        AssemblyDefinition[] all =
        [
            Product.Assembly("EventFly.BuildingBlocks"), Product.Assembly("EventFly.Storage.Sqlite"), Product.Assembly("EventFly.Messaging.Nats"),
            Product.Assembly("EventFly.ServiceDefaults"), Product.Assembly("EventFly.Gateway"), .. Product.ServiceAssemblies,
        ];
        Verdict.Of(all, Saboteurs).Holds(atLeast: 10);
    }

    [Fact]
    public void A_switch_that_takes_one_away_is_reported()
    {
        var reported = Saboteurs(Product.Planted).ToList();
        Assert.Contains("EventFly.Architecture.Tests.Bad.Sabotage takes protections away", reported);
        Assert.Contains("EventFly.Architecture.Tests.Bad.Sabotage reads EVENTFLY_BREAK", reported);
    }

    [Fact]
    public void Only_the_configuration_Sabotage_has_the_constant()
    {
        var defining = Directory.EnumerateFiles(Product.Root, "*.*proj", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Product.Root, "*.props", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Product.Root, "*.targets", SearchOption.AllDirectories))
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal) && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => XDocument.Load(file).Descendants().Where(element => !element.HasElements && element.Value.Contains(Constant, StringComparison.Ordinal)))
            .Select(element => $"{element.Name.LocalName} {element.Attribute("Condition")?.Value}");

        Assert.Equal(["DefineConstants '$(Configuration)' == 'Sabotage'"], defining);
    }

    private static IEnumerable<string> Saboteurs(AssemblyDefinition assembly) => assembly.Types().SelectMany(type =>
    {
        var reads = type.Methods.Where(method => method.HasBody)
            .SelectMany(method => method.Body.Instructions)
            .Any(instruction => instruction.OpCode == OpCodes.Ldstr && (string)instruction.Operand == Switch);
        return new[]
        {
            type.Name is "Sabotage" ? $"{type.FullName} takes protections away" : null, reads && type.Name is not nameof(SabotageTests) ? $"{type.FullName} reads {Switch}" : null,
        }.OfType<string>();
    });
}
