using Mono.Cecil;

namespace EventFly.Architecture.Tests;

/// <summary>What is not in a service's table of contents does not exist; what is there must be a contract.</summary>
public class ReactionTests
{
    private const string Handler = "EventFly.BuildingBlocks.Messaging.IHandle`1";
    private const string Contract = "EventFly.Contracts.ContractAttribute";

    private static readonly HashSet<string> Contracts =
        [.. Product.Assembly("EventFly.Contracts").Types().Where(type => type.HasAttribute(Contract)).Select(type => type.FullName)];

    [Fact]
    public void Every_reaction_is_to_a_contract() => ToContracts(Product.ServiceAssemblies).Holds();

    [Fact]
    public void Every_handler_is_in_a_table_of_contents() => Registered(Product.ServiceAssemblies).Holds();

    [Fact]
    public void A_reaction_to_no_contract_and_a_forgotten_handler_are_reported()
    {
        ToContracts([Product.Planted]).Reports("EventFly.Architecture.Tests.Bad.Contents reacts to System.String, which is no contract");
        Registered([Product.Planted]).Reports("EventFly.Architecture.Tests.Bad.Forgotten handles EventFly.Contracts.Events.EventCancelled, but no On<> names it");
    }

    private static Verdict ToContracts(IEnumerable<AssemblyDefinition> assemblies) => Verdict.Of(assemblies.SelectMany(Registrations), registration =>
        Contracts.Contains(registration.Message) ? [] : [$"{registration.By.FullName} reacts to {registration.Message}, which is no contract"]);

    private static Verdict Registered(IEnumerable<AssemblyDefinition> assemblies) => Verdict.Of(
        assemblies.SelectMany(assembly =>
        {
            var registered = Registrations(assembly).Select(registration => (registration.Message, registration.Handler)).ToHashSet();
            return Handled(assembly).Select(handled => (handled.Type, handled.Message, Is: registered.Contains((handled.Message, handled.Type.FullName))));
        }),
        handled => handled.Is ? [] : [$"{handled.Type.FullName} handles {handled.Message}, but no On<> names it"]);

    private static IEnumerable<(TypeDefinition Type, string Message)> Handled(AssemblyDefinition assembly) => assembly.Types()
        .Where(type => !type.IsAbstract)
        .SelectMany(type => type.Interfaces.Select(implemented => implemented.InterfaceType).OfType<GenericInstanceType>()
            .Where(implemented => implemented.ElementType.FullName == Handler)
            .Select(implemented => (type, implemented.GenericArguments[0].FullName)));

    private static IEnumerable<(TypeDefinition By, string Message, string Handler)> Registrations(AssemblyDefinition assembly) => assembly.Types()
        .SelectMany(type => type.MembersUsed().OfType<GenericInstanceMethod>()
            .Where(method => method.Name == "On" && method.DeclaringType.FullName == "EventFly.BuildingBlocks.Registration")
            .Select(method => (type, method.GenericArguments[0].FullName, method.GenericArguments[1].FullName)));
}
