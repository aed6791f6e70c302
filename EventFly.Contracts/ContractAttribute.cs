using System.Collections.Concurrent;
using System.Reflection;

namespace EventFly.Contracts;

/// <summary>Names what one service says to the others. A published name or field is never renamed or retyped.</summary>
/// <param name="speaker">The service that says it, for example <c>participants</c>.</param>
/// <param name="name">Its name on the bus, for example <c>OrderPlaced</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ContractAttribute(string speaker, string name) : Attribute
{
    private static readonly ConcurrentDictionary<Type, ContractAttribute> Known = new();

    public string Speaker { get; } = speaker;

    public string Name { get; } = name;

    /// <summary>The CloudEvents type: <c>eventfly.participants.OrderPlaced</c>.</summary>
    public string Type { get; } = $"eventfly.{speaker}.{name}";

    /// <exception cref="ArgumentException">The type is no contract.</exception>
    public static ContractAttribute Of(Type contract) => Known.GetOrAdd(contract, static type =>
        type.GetCustomAttribute<ContractAttribute>()
        ?? throw new ArgumentException($"{type.Name} is no contract: it lacks [Contract(speaker, name)]."));
}
