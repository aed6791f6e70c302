using System.Collections.Immutable;

namespace EventFly.Participants.Scans;

public readonly record struct RulesSince(DateTimeOffset Since, DoorRules Rules);

/// <summary>The rules and since when: a scan is judged by those of its time, however late it is heard of.</summary>
public sealed record RuleBook(ImmutableArray<RulesSince> Pages)
{
    /// <summary>How often the rules of one event may change.</summary>
    public const int MostPages = 1_000;

    public static RuleBook Empty { get; } = new([]);

    public DoorRules Now => Pages.IsEmpty ? DoorRules.Default : Pages[^1].Rules;

    public DoorRules At(DateTimeOffset at)
    {
        for (var index = Pages.Length - 1; index >= 0; index--)
        {
            if (Pages[index].Since <= at)
            {
                return Pages[index].Rules;
            }
        }

        return DoorRules.Default;
    }
}
