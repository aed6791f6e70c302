namespace EventFly.Participants.Scans;

public enum Reentry
{
    /// <summary>A ticket admits once.</summary>
    Once,

    /// <summary>Whoever was scanned out may come in again.</summary>
    AfterExit,

    /// <summary>As often as wanted, after a pause.</summary>
    Unlimited,
}

/// <param name="PauseSeconds">At least so long after the last admission.</param>
public sealed record ReentryRule(Reentry Reentry, int PauseSeconds)
{
    public static ReentryRule Once { get; } = new(Reentry.Once, 0);
}

/// <param name="TicketTypeIds">Who may pass; null for everybody.</param>
public sealed record GateRule(string Name, IReadOnlyList<Guid>? TicketTypeIds);

public sealed record TicketTypeRule(Guid TicketTypeId, ReentryRule Rule);

/// <summary>How the doors of an event work.</summary>
/// <param name="Gates">Empty: every gate that is named exists.</param>
/// <param name="TicketTypes">Those with a rule of their own.</param>
public sealed record DoorRules(ReentryRule Rule, IReadOnlyList<GateRule> Gates, IReadOnlyList<TicketTypeRule> TicketTypes)
{
    public static DoorRules Default { get; } = new(ReentryRule.Once, [], []);

    public ReentryRule RuleOf(Guid ticketTypeId)
    {
        foreach (var own in TicketTypes)
        {
            if (own.TicketTypeId == ticketTypeId)
            {
                return own.Rule;
            }
        }

        return Rule;
    }

    public bool Knows(string gate) => Gates.Count == 0 || Find(gate) is not null;

    public bool Passes(string gate, Guid ticketTypeId) =>
        Gates.Count == 0 || (Find(gate) is { } found && found.TicketTypeIds?.Contains(ticketTypeId) is not false);

    public bool Equals(DoorRules? other) => other is not null
        && Rule == other.Rule
        && TicketTypes.SequenceEqual(other.TicketTypes)
        && Gates.Count == other.Gates.Count
        && Gates.Zip(other.Gates).All(pair => pair.First.Name == pair.Second.Name
            && (pair.First.TicketTypeIds is { } mine ? pair.Second.TicketTypeIds is { } theirs && mine.SequenceEqual(theirs) : pair.Second.TicketTypeIds is null));

    public override int GetHashCode() => HashCode.Combine(Rule, Gates.Count, TicketTypes.Count);

    private GateRule? Find(string gate)
    {
        foreach (var known in Gates)
        {
            if (known.Name == gate)
            {
                return known;
            }
        }

        return null;
    }
}
