using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;

namespace EventFly.Participants;

/// <summary>A reaction knows no refusal: what cannot be done now is tried again, and what can never be done ends with the dead letters.</summary>
internal static class Reacting
{
    public static TState OrThrow<TState>(this Decided<TState> decided) => decided.Refusal is null ? decided.State : throw Cannot(decided.Refusal);

    public static void OrThrow<T>(this Changed<T> changed)
        where T : class
    {
        if (changed.Refusal is { } refusal)
        {
            throw Cannot(refusal);
        }
    }

    private static InvalidOperationException Cannot(Refusal refusal) => new($"{refusal.Code}: {refusal.Message}");
}
