using System.Collections.Frozen;
using EventFly.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace EventFly.BuildingBlocks.Messaging;

/// <summary>One entry of a service's table of reactions: which contract, and how it is handled.</summary>
/// <param name="Contract">The contract record's type.</param>
/// <param name="Invoke">Runs the handler in a scope of its own.</param>
public sealed record Reaction(Type Contract, Func<IServiceProvider, object, MessageContext, CancellationToken, Task> Invoke);

/// <summary>Finds the reaction to a message. A service may react once to a contract.</summary>
public sealed class Reactions
{
    private readonly FrozenDictionary<string, Reaction> byType;

    /// <summary>From the reactions that were registered.</summary>
    /// <exception cref="ArgumentException">Two reactions to one contract.</exception>
    public Reactions(IEnumerable<Reaction> reactions)
    {
        var all = reactions.ToArray();
        byType = all.ToFrozenDictionary(reaction => ContractAttribute.Of(reaction.Contract).Type, StringComparer.Ordinal);
        Speakers = [.. all.Select(reaction => ContractAttribute.Of(reaction.Contract).Speaker).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The services that this one listens to.</summary>
    public IReadOnlyList<string> Speakers { get; }

    /// <summary>The reaction to a CloudEvents type, or null.</summary>
    public Reaction? To(string type) => byType.GetValueOrDefault(type);

    internal static Reaction Of<TMessage, THandler>()
        where TMessage : class
        where THandler : class, IHandle<TMessage> =>
        new(typeof(TMessage), static (services, message, context, cancellationToken) =>
            services.GetRequiredService<THandler>().Handle((TMessage)message, context, cancellationToken));
}
