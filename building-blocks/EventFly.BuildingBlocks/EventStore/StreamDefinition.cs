using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Snapshots;

namespace EventFly.BuildingBlocks.EventStore;

/// <summary>How the streams of one aggregate are stored and what others hear of them.</summary>
/// <typeparam name="TState">The aggregate.</typeparam>
/// <typeparam name="TEvent">Its events.</typeparam>
/// <param name="Category">Begins each stream's name: <c>inventory</c> for <c>inventory-0190…</c>.</param>
/// <param name="Names">Stored names of the events.</param>
/// <param name="Announce">
/// Which contract records an event announces, given the state after it. Pure. Stored in the same commit as the event.
/// </param>
public sealed record StreamDefinition<TState, TEvent>(
    string Category, EventNames<TEvent> Names, Func<TEvent, TState, IEnumerable<object>> Announce)
    where TState : class, IAggregate<TState, TEvent>
    where TEvent : class
{
    /// <summary>How states are kept in snapshots, for streams that grow long. Null: every load reads the stream from its beginning.</summary>
    public SnapshotForm<TState>? Snapshots { get; init; }

    /// <summary>The stream of one aggregate.</summary>
    public string StreamOf(Guid id) => $"{Category}-{id:N}";

    internal string AggregateOf(string stream) =>
        stream.Length > Category.Length + 1 && stream.StartsWith(Category, StringComparison.Ordinal) && stream[Category.Length] == '-'
            ? stream[(Category.Length + 1)..]
            : throw new ArgumentException($"A stream of {typeof(TState).Name} is named {Category}-<id>, not {stream}.", nameof(stream));
}

/// <summary>What became of a decision, after it was stored.</summary>
/// <param name="State">The state right after this decision (for a refusal: the state that refused).</param>
/// <param name="Version">The stream's version that belongs to <paramref name="State"/>.</param>
/// <param name="Refusal">Why not, or null.</param>
public readonly record struct Decided<TState>(TState State, long Version, Refusal? Refusal)
{
    /// <summary>For <c>var (state, refusal) = await streams.Decide(…)</c>.</summary>
    public void Deconstruct(out TState state, out Refusal? refusal) => (state, refusal) = (State, Refusal);
}
