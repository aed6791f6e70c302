using Mono.Cecil;

namespace EventFly.Architecture.Tests;

/// <summary>Decisions are pure: the same state and the same question give the same answer, today and when it is replayed.</summary>
public class AggregateTests
{
    private const string Aggregate = "EventFly.BuildingBlocks.Decisions.IAggregate`2";

    private static readonly string[] Allowed =
    [
        "System", "System.Collections", "System.Collections.Generic", "System.Collections.Immutable", "System.Collections.Frozen", "System.Linq", "System.Text",
        "System.Globalization", "System.Numerics", "System.Buffers.Binary", "System.Diagnostics.CodeAnalysis", "System.Runtime.CompilerServices", "EventFly.BuildingBlocks.Decisions",
    ];

    /// <summary>Single types out of namespaces that are not allowed as a whole. Hashes are functions of what they are given.</summary>
    private static readonly string[] AllowedTypes =
    [
        "System.Diagnostics.UnreachableException", "System.Diagnostics.DebuggerBrowsableAttribute", "System.Diagnostics.DebuggerBrowsableState",
        "System.Diagnostics.DebuggerHiddenAttribute", "System.Diagnostics.DebuggerStepThroughAttribute", "System.Security.Cryptography.SHA256", "System.Runtime.InteropServices.CollectionsMarshal",
        "EventFly.BuildingBlocks.Snapshots.OrderedMap`2", "EventFly.BuildingBlocks.Snapshots.OrderedSet`1", "EventFly.BuildingBlocks.Snapshots.OrderedSet",
        "System.Text.Json.Serialization.JsonIgnoreAttribute", "System.Text.Json.Serialization.JsonConstructorAttribute",
        "EventFly.BuildingBlocks.Snapshots.OrderedMap`2", "EventFly.BuildingBlocks.Snapshots.OrderedSet`1", "EventFly.BuildingBlocks.Snapshots.OrderedMap", "EventFly.BuildingBlocks.Snapshots.OrderedSet",
    ];

    private static readonly string[] Forbidden =
    [
        "System.TimeProvider", "System.Random", "System.Environment", "System.Console", "System.AppContext", "System.Activator", "System.GC",
        "System.IServiceProvider", "System.Lazy`1", "System.TimeZoneInfo",
    ];

    private static readonly string[] ForbiddenMembers =
    [
        "System.DateTime::get_Now", "System.DateTime::get_UtcNow", "System.DateTime::get_Today", "System.DateTimeOffset::get_Now", "System.DateTimeOffset::get_UtcNow",
        "System.Guid::NewGuid", "System.Guid::CreateVersion7", "System.Object::GetType",
    ];

    [Fact]
    public void Aggregates_and_their_events_are_pure() => Purity(Product.ServiceAssemblies).Holds(atLeast: 5);

    [Fact]
    public void An_impure_aggregate_is_reported() => Purity([Product.Planted]).Reports(
        "EventFly.Architecture.Tests.Bad.Clockwork must not use System.DateTimeOffset::get_UtcNow",
        "EventFly.Architecture.Tests.Bad.Clockwork must not use System.Guid::NewGuid",
        "EventFly.Architecture.Tests.Bad.Clockwork must not use System.Random",
        "EventFly.Architecture.Tests.Bad.Clockwork must not use System.IO.File",
        "EventFly.Architecture.Tests.Bad.ClockworkHelper must not use System.TimeProvider",
        "EventFly.Architecture.Tests.Bad.ClockStruck must not use EventFly.Contracts.Events.EventCancelled");

    private static Verdict Purity(IEnumerable<AssemblyDefinition> assemblies) => Verdict.Of(assemblies.SelectMany(Pure), type =>
        type.TypesUsed().Where(used => !IsAllowed(used, type.OutermostNamespace())).Select(used => $"{type.FullName} must not use {used}")
            .Concat(type.MembersUsed().Select(Name).Where(ForbiddenMembers.Contains).Select(member => $"{type.FullName} must not use {member}")));

    /// <summary>Aggregates, their events, and everything of their own folder that those use.</summary>
    private static IEnumerable<TypeDefinition> Pure(AssemblyDefinition assembly)
    {
        var all = assembly.Types().ToDictionary(type => type.FullName, StringComparer.Ordinal);
        var aggregates = all.Values.Where(type => type.Implements(Aggregate)).ToArray();
        var events = aggregates
            .Select(type => ((GenericInstanceType)type.Interfaces.First(implemented => implemented.InterfaceType.GetElementType().FullName == Aggregate).InterfaceType).GenericArguments[1].FullName)
            .ToHashSet(StringComparer.Ordinal);
        var pure = new HashSet<TypeDefinition>();
        foreach (var type in aggregates.Concat(all.Values.Where(type => events.Contains(type.FullName) || (type.BaseType is { } parent && events.Contains(parent.FullName)))))
        {
            Follow(type);
        }

        return pure;

        void Follow(TypeDefinition type)
        {
            if (pure.Add(type))
            {
                foreach (var used in type.TypesUsed().Select(name => all.GetValueOrDefault(name)).OfType<TypeDefinition>())
                {
                    if (used.OutermostNamespace() == type.OutermostNamespace())
                    {
                        Follow(used);
                    }
                }
            }
        }
    }

    private static bool IsAllowed(string used, string home)
    {
        var outermost = used.Split('/')[0];
        var space = outermost.LastIndexOf('.') is > 0 and var dot ? outermost[..dot] : "";
        return !Forbidden.Contains(used) && (space == home || Allowed.Contains(space) || AllowedTypes.Contains(outermost));
    }

    private static string Name(MemberReference member) => $"{member.DeclaringType?.FullName}::{member.Name}";
}
