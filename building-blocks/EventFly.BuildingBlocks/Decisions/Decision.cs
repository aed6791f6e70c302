namespace EventFly.BuildingBlocks.Decisions;

/// <summary>What a decision came to: events that now happen, a refusal, or nothing because it is done already.</summary>
/// <typeparam name="TEvent">The abstract record of the aggregate's events.</typeparam>
public sealed record Decision<TEvent>
    where TEvent : class
{
    private static readonly Decision<TEvent> Empty = new([], null);

    private Decision(IReadOnlyList<TEvent> events, Refusal? refusal) => (Events, Refusal) = (events, refusal);

    /// <summary>What happens, in order. Empty for a refusal and for nothing.</summary>
    public IReadOnlyList<TEvent> Events { get; }

    /// <summary>The refusal, or null.</summary>
    public Refusal? Refusal { get; }

    /// <summary>One event happens.</summary>
    public static implicit operator Decision<TEvent>(TEvent happens) => new([happens], null);

    /// <summary>Several events happen together or not at all.</summary>
    public static implicit operator Decision<TEvent>(TEvent[] happen) => happen.Length == 0 ? Empty : new(happen, null);

    /// <summary>Several events happen together or not at all.</summary>
    public static implicit operator Decision<TEvent>(List<TEvent> happen) => happen.Count == 0 ? Empty : new(happen, null);

    /// <summary>It is refused.</summary>
    public static implicit operator Decision<TEvent>(Refusal refusal) => new([], refusal);

    /// <summary>It was done before.</summary>
    public static implicit operator Decision<TEvent>(NothingHappens _) => Empty;
}

/// <summary>The one value of <see cref="Decision.Nothing"/>.</summary>
public readonly record struct NothingHappens;

/// <summary>Words for decisions.</summary>
public static class Decision
{
    /// <summary>Nothing happens, and that is fine: the second delivery, the repeated request.</summary>
    public static NothingHappens Nothing => default;
}
