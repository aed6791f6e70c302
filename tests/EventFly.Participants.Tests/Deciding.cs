using System.Text.Json;
using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Participants.Tests;

/// <summary>What a decision came to, in the words of a test.</summary>
internal static class Deciding
{
    /// <summary>The state after what was decided, which was something.</summary>
    public static TState After<TState, TEvent>(TState state, Decision<TEvent> decided)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class
    {
        Assert.Null(decided.Refusal);
        Assert.NotEmpty(decided.Events);
        return decided.Events.Aggregate(state, TState.Evolve);
    }

    public static Refusal Refused<TEvent>(string code, Decision<TEvent> decided)
        where TEvent : class
    {
        Assert.Equal(code, decided.Refusal?.Code);
        Assert.Empty(decided.Events);
        return decided.Refusal!;
    }

    public static void NothingHappens<TEvent>(Decision<TEvent> decided)
        where TEvent : class
    {
        Assert.Null(decided.Refusal);
        Assert.Empty(decided.Events);
    }

    public static void Happens<TEvent>(Decision<TEvent> decided, params TEvent[] expected)
        where TEvent : class
    {
        Assert.Null(decided.Refusal);
        Assert.Equal(expected.Select(Text), decided.Events.Select(Text));
    }

    /// <summary>Records of lists compare their lists by reference; what would be stored is what counts.</summary>
    public static string Text(object value) => value.GetType().Name + JsonSerializer.Serialize(value, value.GetType(), EventFlyJson.Options);
}
