using System.Collections.Frozen;
using EventFly.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace EventFly.BuildingBlocks.Messaging;

/// <summary>One entry of a service's table of reactions: which contract, and how it is handled.</summary>
/// <param name="Contract">The contract record's type.</param>
/// <param name="Invoke">Runs the handler in a scope of its own.</param>
public sealed record Reaction(Type Contract, Func<IServiceProvider, object, MessageContext, CancellationToken, Task> Invoke);

/// <summary>
/// Finds the reaction to a message. Where several features of a service react to one contract, they do so one after the other as registered;
/// when one fails, the message comes again to all of them.
/// </summary>
public sealed class Reactions
{
    private readonly FrozenDictionary<string, Reaction> byType;

    /// <summary>From the reactions that were registered.</summary>
    public Reactions(IEnumerable<Reaction> reactions)
    {
        var all = reactions.ToArray();
        byType = all
            .GroupBy(reaction => ContractAttribute.Of(reaction.Contract).Type, StringComparer.Ordinal)
            .ToFrozenDictionary(same => same.Key, same => InTurn([.. same]), StringComparer.Ordinal);
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

    private static Reaction InTurn(Reaction[] same) => same.Length == 1
        ? same[0]
        : new Reaction(same[0].Contract, async (services, message, context, cancellationToken) =>
        {
            foreach (var reaction in same)
            {
                await reaction.Invoke(services, message, context, cancellationToken);
            }
        });
}
