using Mono.Cecil;

namespace EventFly.Architecture.Tests;

/// <summary>Which project may know which.</summary>
public class ProjectTests
{
    private static readonly string[] Ports = ["EventFly.Contracts", "EventFly.BuildingBlocks"];

    [Fact]
    public void The_list_of_services_is_the_list_of_their_projects() => Assert.Equal(
        Product.Services.Select(service => $"EventFly.{service}").Order(StringComparer.Ordinal),
        Product.Projects.Where(project => project.Place == "services").Select(project => project.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Projects_reference_only_what_their_place_allows() => References(Product.Projects).Holds(atLeast: 12);

    [Fact]
    public void A_reference_that_its_place_forbids_is_reported() => References(
    [
        new("EventFly.Contracts", "EventFly.Contracts", ["EventFly.BuildingBlocks"]),
        new("EventFly.BuildingBlocks", "building-blocks", ["EventFly.Contracts", "EventFly.Events"]),
        new("EventFly.Storage.Sqlite", "building-blocks", ["EventFly.BuildingBlocks", "EventFly.Messaging.Nats"]),
        new("EventFly.ServiceDefaults", "EventFly.ServiceDefaults", ["EventFly.Storage.Sqlite", "EventFly.Auth"]),
        new("EventFly.Payments", "services", ["EventFly.Contracts", "EventFly.Participants", "EventFly.Storage.Sqlite"]),
        new("EventFly.Gateway", "gateway", ["EventFly.ServiceDefaults", "EventFly.Contracts"]),
        new("EventFly.Demo", "dev", ["EventFly.Contracts"]),
    ]).Reports(
        "EventFly.Contracts must not reference EventFly.BuildingBlocks",
        "EventFly.BuildingBlocks must not reference EventFly.Events",
        "EventFly.Storage.Sqlite must not reference EventFly.Messaging.Nats",
        "EventFly.ServiceDefaults must not reference EventFly.Auth",
        "EventFly.Payments must not reference EventFly.Participants",
        "EventFly.Payments must not reference EventFly.Storage.Sqlite",
        "EventFly.Gateway must not reference EventFly.Contracts",
        "EventFly.Demo must not reference EventFly.Contracts");

    [Fact]
    public void No_project_reaches_itself() => Cycles(Product.Projects.ToDictionary(project => project.Name, project => project.References)).Holds(atLeast: 12);

    [Fact]
    public void A_cycle_is_reported() => Cycles(new Dictionary<string, IReadOnlyList<string>> { ["A"] = ["B"], ["B"] = ["C"], ["C"] = ["A"], ["D"] = ["A"] })
        .Reports("A must not reach itself", "B must not reach itself", "C must not reach itself");

    [Fact]
    public void The_gateway_uses_no_contract_and_no_service() =>
        Foreign(Product.Assembly("EventFly.Gateway"), ["EventFly.Contracts", .. Product.Services.Select(service => $"EventFly.{service}")]).Holds(atLeast: 5);

    [Fact]
    public void The_AppHost_uses_no_code_of_what_it_starts() =>
        Foreign(Product.Assembly("EventFly.AppHost"), ["EventFly.Contracts", "EventFly.Gateway", "EventFly.StripeSimulator", .. Product.Services.Select(service => $"EventFly.{service}")])
            .Holds(atLeast: 2);

    [Fact]
    public void Features_leave_the_adapters_to_the_door()
    {
        foreach (var service in Product.ServiceAssemblies)
        {
            Adapters(service).Holds();
        }
    }

    [Fact]
    public void Contracts_use_nothing_but_the_framework() => Verdict.Of(
        Product.Assembly("EventFly.Contracts").MainModule.AssemblyReferences,
        reference => reference.Name.StartsWith("System.", StringComparison.Ordinal) ? [] : [$"EventFly.Contracts must not use {reference.Name}"]).Holds();

    [Fact]
    public void What_a_process_must_not_use_is_reported()
    {
        var planted = Product.Planted;
        Assert.Contains("EventFly.Architecture.Tests.Bad.UsesAContract must not use EventFly.Contracts.Events.EventCancelled", Foreign(planted, ["EventFly.Contracts"]).Violations);
        Assert.Contains("EventFly.Architecture.Tests.Bad.UsesAnAdapter must not use EventFly.Storage.Sqlite.SqliteDatabase", Adapters(planted).Violations);
    }

    private static Verdict References(IEnumerable<Project> projects) => Verdict.Of(projects, project => project.References
        .Where(reference => !IsAllowed(project, reference))
        .Select(reference => $"{project.Name} must not reference {reference}"));

    private static bool IsAllowed(Project project, string reference) => (project.Place, project.Name) switch
    {
        (_, "EventFly.Contracts" or "EventFly.Hosting") => false,
        (_, "EventFly.BuildingBlocks") => reference is "EventFly.Contracts",
        ("building-blocks", _) => Ports.Contains(reference),
        (_, "EventFly.ServiceDefaults") => Ports.Contains(reference) || IsAdapter(reference),
        ("services", _) => Ports.Contains(reference) || reference is "EventFly.ServiceDefaults",
        ("gateway", _) => reference is "EventFly.ServiceDefaults" or "System.IO.Hashing",
        (_, "EventFly.AppHost") => true,
        ("dev", "EventFly.StripeSimulator") => reference is "EventFly.ServiceDefaults",
        ("dev", "EventFly.Mailbox") => Ports.Contains(reference) || reference is "EventFly.ServiceDefaults",
        _ => false,
    };

    private static bool IsAdapter(string name) => name.StartsWith("EventFly.Storage.", StringComparison.Ordinal) || name.StartsWith("EventFly.Messaging.", StringComparison.Ordinal);

    internal static Verdict Cycles(IReadOnlyDictionary<string, IReadOnlyList<string>> graph)
    {
        return Verdict.Of(graph.Keys, start => Reaches(start, start, []) ? [$"{start} must not reach itself"] : []);

        bool Reaches(string from, string wanted, HashSet<string> seen) => graph.GetValueOrDefault(from, [])
            .Any(next => next == wanted || (seen.Add(next) && Reaches(next, wanted, seen)));
    }

    private static Verdict Foreign(AssemblyDefinition assembly, string[] forbidden) => Verdict.Of(assembly.Types(), type => type.TypesUsed()
        .Where(used => forbidden.Any(space => used.StartsWith(space + ".", StringComparison.Ordinal)))
        .Select(used => $"{type.FullName} must not use {used}"));

    private static Verdict Adapters(AssemblyDefinition service) => Verdict.Of(service.Types().Where(type => type.FullName != "Program"), type => type.TypesUsed()
        .Where(IsAdapter)
        .Select(used => $"{type.FullName} must not use {used}"));
}
