using Mono.Cecil;

namespace EventFly.Architecture.Tests;

/// <summary>A view tells what happened. Whoever decides by it decides on old news.</summary>
public class ViewTests
{
    private const string Decisions = "EventFly.BuildingBlocks.Decisions.";

    [Fact]
    public void Views_do_not_decide() => Undecided(Product.ServiceAssemblies).Holds();

    [Fact]
    public void A_view_that_decides_is_reported() => Undecided([Product.Planted]).Reports(
        "EventFly.Architecture.Tests.Bad.DecidingView must not use EventFly.BuildingBlocks.Decisions.Refusal");

    private static Verdict Undecided(IEnumerable<AssemblyDefinition> assemblies) => Verdict.Of(
        assemblies.SelectMany(assembly => assembly.Types()).Where(type => type.Name.EndsWith("View", StringComparison.Ordinal)),
        type => type.TypesUsed()
            .Where(used => used.StartsWith(Decisions, StringComparison.Ordinal) && used != Decisions + "NothingHappens" && used != Decisions + "Decision")
            .Select(used => $"{type.FullName} must not use {used}"));
}
