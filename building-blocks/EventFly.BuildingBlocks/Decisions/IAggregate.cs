namespace EventFly.BuildingBlocks.Decisions;

/// <summary>State that is built only from what happened. Its members are pure: no clock, no randomness, no storage.</summary>
/// <typeparam name="TSelf">The state itself, an immutable record.</typeparam>
/// <typeparam name="TEvent">The abstract record that all its events inherit from.</typeparam>
public interface IAggregate<TSelf, in TEvent>
    where TSelf : class, IAggregate<TSelf, TEvent>
    where TEvent : class
{
    /// <summary>The state before anything happened.</summary>
    static abstract TSelf Initial { get; }

    /// <summary>The state after <paramref name="happened"/>. Never refuses: what is stored has happened.</summary>
    static abstract TSelf Evolve(TSelf state, TEvent happened);
}
