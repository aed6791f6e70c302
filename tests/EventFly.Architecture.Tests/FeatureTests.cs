using Mono.Cecil;

namespace EventFly.Architecture.Tests;

/// <summary>A feature folder knows itself and the neighbours that are listed here, and of those no endpoint, no view and no reaction.</summary>
public class FeatureTests
{
    /// <summary>Service, folder, the neighbours that it may use.</summary>
    private static readonly Dictionary<string, Dictionary<string, string[]>> Neighbours = new()
    {
        ["Auth"] = new()
        {
            ["Secrets"] = [], ["Letters"] = [], ["Codes"] = ["Secrets"], ["Lockout"] = ["Secrets"], ["Accounts"] = ["Codes", "Lockout"],
            ["Tokens"] = ["Accounts", "Secrets"], ["Sessions"] = ["Accounts", "Codes", "Letters", "Lockout", "Tokens"],
            ["Verification"] = ["Accounts", "Codes", "Letters", "Lockout"],
            ["PasswordResets"] = ["Accounts", "Codes", "Letters", "Lockout", "Secrets", "Sessions"],
            ["ApiKeys"] = ["Accounts", "Tokens"],
            ["Invitations"] = ["Accounts", "Codes", "Letters", "Lockout", "Sessions"],
            ["Memberships"] = ["Accounts", "ApiKeys", "Invitations", "Letters", "Sessions", "Tokens"],
        },
        ["Organizations"] = new()
        {
            ["Profiles"] = [], ["Packages"] = [], ["Plans"] = ["Packages", "Profiles"], ["Staff"] = ["Profiles", "Plans"], ["Roles"] = ["Profiles", "Staff"],
            ["Audit"] = ["Profiles", "Staff"],
        },
        ["Events"] = new()
        {
            ["Events"] = [], ["TicketTypes"] = ["Events"], ["Quotas"] = ["Events"], ["Questions"] = ["Events"], ["AfterSale"] = ["Events"],
            ["Prices"] = ["Events"], ["PromoCodes"] = ["Events"], ["Staff"] = ["Events"],
        },
        ["Participants"] = new()
        {
            ["Inventory"] = [], ["Waitlist"] = ["Inventory"], ["Orders"] = ["Inventory"], ["Scans"] = [], ["Tickets"] = ["Orders", "Scans"],
            ["Transfers"] = ["Tickets", "Orders", "Scans"], ["Devices"] = ["Tickets"], ["Doors"] = ["Tickets", "Scans", "Devices"],
        },
        ["Payments"] = new()
        {
            ["Processor"] = [], ["PayableOrders"] = [], ["Ledger"] = [], ["Fees"] = [], ["Alerts"] = ["PayableOrders"],
            ["Payments"] = ["PayableOrders", "Processor", "Ledger", "Fees"], ["Refunds"] = ["Payments", "Processor", "Alerts"],
            ["Disputes"] = ["Payments"], ["Reconciliation"] = ["Payments", "PayableOrders", "Ledger", "Alerts", "Processor"],
            ["Webhook"] = ["Payments", "Refunds", "Disputes", "Alerts", "Processor"],
        },
    };

    [Fact]
    public void Every_folder_of_every_service_is_listed() => Assert.Equal(
        Product.Services.SelectMany(service => Folders(service).Select(folder => $"{service}/{folder}")).Order(StringComparer.Ordinal),
        Neighbours.SelectMany(service => service.Value.Keys.Select(folder => $"{service.Key}/{folder}")).Order(StringComparer.Ordinal));

    [Fact]
    public void Features_use_only_their_listed_neighbours()
    {
        foreach (var service in Product.Services.Where(service => Neighbours[service].Count > 0))
        {
            Neighbourhood(Product.Assembly($"EventFly.{service}"), $"EventFly.{service}", Neighbours[service]).Holds();
        }
    }

    [Fact]
    public void The_table_has_no_cycle()
    {
        foreach (var service in Product.Services.Where(service => Neighbours[service].Count > 0))
        {
            ProjectTests.Cycles(Neighbours[service].ToDictionary(folder => folder.Key, folder => (IReadOnlyList<string>)folder.Value)).Holds();
        }
    }

    [Fact]
    public void An_unlisted_neighbour_and_the_wrong_part_of_a_listed_one_are_reported() =>
        Neighbourhood(Product.Planted, "EventFly.Architecture.Tests.Bad.Service", new() { ["Doors"] = [], ["Keys"] = ["Doors"] }).Reports(
            "EventFly.Architecture.Tests.Bad.Service.Doors.Door must not use EventFly.Architecture.Tests.Bad.Service.Keys.Key",
            "EventFly.Architecture.Tests.Bad.Service.Keys.Ring must not use EventFly.Architecture.Tests.Bad.Service.Doors.OpenDoor",
            "EventFly.Architecture.Tests.Bad.Service.Keys.Ring must not use EventFly.Architecture.Tests.Bad.Service.Doors.DoorView",
            "EventFly.Architecture.Tests.Bad.Service.Keys.Ring must not use EventFly.Architecture.Tests.Bad.Service.Doors.WhenDoorOpened");

    private static IEnumerable<string> Folders(string service) => Product.Assembly($"EventFly.{service}").Types()
        .Select(type => type.Folder($"EventFly.{service}")).Where(folder => folder.Length > 0).Distinct();

    private static Verdict Neighbourhood(AssemblyDefinition assembly, string root, Dictionary<string, string[]> neighbours)
    {
        var all = assembly.Types().ToDictionary(type => type.FullName, StringComparer.Ordinal);
        return Verdict.Of(all.Values.Where(type => type.Folder(root).Length > 0), type => type.TypesUsed()
            .Select(name => all.GetValueOrDefault(name))
            .OfType<TypeDefinition>()
            .Where(used => used.Folder(root) is { Length: > 0 } folder && folder != type.Folder(root)
                && (!neighbours.GetValueOrDefault(type.Folder(root), []).Contains(folder) || IsPrivate(used)))
            .Select(used => $"{type.FullName} must not use {used.FullName}"));
    }

    private static bool IsPrivate(TypeDefinition type) =>
        type.Name.EndsWith("View", StringComparison.Ordinal)
        || type.Name.StartsWith("When", StringComparison.Ordinal)
        || IsEndpoint(type);

    internal static bool IsEndpoint(TypeDefinition type) =>
        type.Methods.Any(method => method.Name == "Map" && method.Parameters.Any(parameter => parameter.ParameterType.Name is "RouteGroupBuilder" or "IEndpointRouteBuilder"));
}
