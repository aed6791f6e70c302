using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.EventStore;
using EventFly.Contracts;

namespace EventFly.BuildingBlocks.Tests.EventStore;

public abstract record CounterEvent;

public sealed record Taken(int By) : CounterEvent;

public sealed record Noted(string Text) : CounterEvent;

[Contract("test", "PlaceTaken")]
public sealed record PlaceTaken(int By);

/// <summary>Fifty places; each taker takes one, once.</summary>
public sealed record Counter(int Free, System.Collections.Immutable.ImmutableHashSet<int> Takers) : IAggregate<Counter, CounterEvent>
{
    public const int Places = 50;

    public static Counter Initial { get; } = new(Places, []);

    public static StreamDefinition<Counter, CounterEvent> Definition { get; } = new(
        "counter",
        new EventNames<CounterEvent>().Add<Taken>("taken").Add<Noted>("noted"),
        static (happened, _) => happened is Taken taken ? [new PlaceTaken(taken.By)] : []);

    public static Counter Evolve(Counter state, CounterEvent happened) => happened switch
    {
        Taken taken => new Counter(state.Free - 1, state.Takers.Add(taken.By)),
        _ => state,
    };

    public Decision<CounterEvent> Take(int by) =>
        Takers.Contains(by) ? Decision.Nothing
        : Free == 0 ? Refusal.Conflict("none-left", "None is left.")
        : new Taken(by);
}
