using System.Collections.Immutable;

namespace EventFly.Participants.Scans;

/// <summary>What a door must know of a ticket.</summary>
/// <param name="Initials">Of the attendee: enough to ask back, and no name.</param>
/// <param name="Revision">Version of the ticket that says so; the highest counts.</param>
public sealed record TicketFacts(Guid TicketId, Guid TicketTypeId, string Initials, int CodeVersion, bool IsVoid, long Revision)
{
    public bool SaysTheSameAs(TicketFacts other) => this with { Revision = other.Revision } == other;
}

/// <param name="Since">From when on codes of this version admit and older ones do not; the first one does from the beginning.</param>
public readonly record struct VersionSince(int Version, DateTimeOffset Since);

/// <summary>
/// A ticket and everything that was scanned of it. What each scan came to is a function of the facts and of the set of scans, never of the order in which
/// they became known: each change walks through all of them in their places anew.
/// </summary>
/// <param name="Facts">Null while only scans of it are known.</param>
/// <param name="Entries">In their places.</param>
/// <param name="Last">The last admission, or null.</param>
/// <param name="Sequence">When that of it which a device has to know last changed.</param>
public sealed record TicketAtDoor(
    Guid TicketId,
    TicketFacts? Facts,
    ImmutableArray<VersionSince> Versions,
    DateTimeOffset? VoidSince,
    ImmutableArray<Entry> Entries,
    bool IsInside,
    Entry? First,
    Entry? Last,
    int Admissions,
    long Sequence)
{
    /// <summary>Scans that are kept of one ticket.</summary>
    public const int MostScans = 5_000;

    public static TicketAtDoor Unknown(Guid ticketId) => new(ticketId, null, [], null, [], false, null, null, 0, 0);

    /// <summary>The earliest moment that lies behind everything that is known of the ticket.</summary>
    public DateTimeOffset MomentFrom(DateTimeOffset now)
    {
        var last = Entries.Length > 0 ? Entries[^1].Scan.At.AddTicks(1) : now;
        last = Versions.Length > 0 && Versions[^1].Since > last ? Versions[^1].Since : last;
        last = VoidSince > last ? VoidSince.Value : last;
        return last > now ? last : now;
    }

    public Entry? EntryOf(Guid scanId)
    {
        foreach (var entry in Entries)
        {
            if (entry.Scan.ScanId == scanId)
            {
                return entry;
            }
        }

        return null;
    }

    public TicketAtDoor Learn(TicketFacts facts, DateTimeOffset at) => this with
    {
        Facts = facts,
        Versions = Versions.IsEmpty ? ImmutableArray.Create(new VersionSince(facts.CodeVersion, DateTimeOffset.MinValue))
            : Versions[^1].Version == facts.CodeVersion ? Versions
            : Versions.Add(new(facts.CodeVersion, at)),
        VoidSince = facts.IsVoid ? VoidSince ?? at : null,
    };

    public TicketAtDoor Add(Scan scan)
    {
        var place = new Place(scan.At, scan.ScanId);
        var index = Entries.Length;
        while (index > 0 && Entries[index - 1].Place > place)
        {
            index--;
        }

        return this with { Entries = Entries.Insert(index, new Entry(scan, ScanOutcome.Refused, null, null, null)) };
    }

    public TicketAtDoor Undo(Guid scanId, Undoing undoing) => this with
    {
        Entries = Entries.Select(entry => entry.Scan.ScanId == scanId ? entry with { Undone = undoing } : entry).ToImmutableArray(),
    };

    /// <summary>Says of each scan what it came to.</summary>
    public TicketAtDoor Judged(RuleBook rules)
    {
        var judged = Entries.ToBuilder();
        var now = this with { IsInside = false, First = null, Last = null, Admissions = 0 };
        for (var index = 0; index < judged.Count; index++)
        {
            var (outcome, reason, against) = now.Judge(judged[index], rules);
            var known = judged[index];
            if ((known.Outcome, known.Reason, known.Against) != (outcome, reason, against))
            {
                judged[index] = known with { Outcome = outcome, Reason = reason, Against = against };
            }

            now = outcome switch
            {
                ScanOutcome.Admitted => now with { IsInside = true, First = now.First ?? judged[index], Last = judged[index], Admissions = now.Admissions + 1 },
                ScanOutcome.Exited => now with { IsInside = false },
                _ => now,
            };
        }

        return now with { Entries = judged.DrainToImmutable() };
    }

    /// <summary>Why this scan may not let anybody in, as things stand after everything that is known; null when it may.</summary>
    public (string Reason, Guid? Against)? Obstacle(Scan scan, RuleBook rules)
    {
        if (scan.Fault is { } fault)
        {
            return (fault, null);
        }

        if (Facts is not { } facts)
        {
            return ("ticket-unknown", null);
        }

        if (VoidSince is { } end && scan.At >= end)
        {
            return ("ticket-void", null);
        }

        if (scan.CodeVersion is { } version && version != VersionAt(scan.At))
        {
            return ("code-outdated", null);
        }

        var inForce = rules.At(scan.At);
        if (!inForce.Passes(scan.Gate, facts.TicketTypeId))
        {
            return (inForce.Knows(scan.Gate) ? "wrong-gate" : "gate-unknown", null);
        }

        var rule = inForce.RuleOf(facts.TicketTypeId);
        return rule.Reentry switch
        {
            _ when Last is null => null,
            Reentry.Once => ("already-admitted", Last.Scan.ScanId),
            Reentry.AfterExit when IsInside => ("already-admitted", Last.Scan.ScanId),
            _ when scan.At < Last.Scan.At.AddSeconds(rule.PauseSeconds) => ("too-soon", Last.Scan.ScanId),
            _ => null,
        };
    }

    private (ScanOutcome Outcome, string? Reason, Guid? Against) Judge(Entry entry, RuleBook rules)
    {
        var scan = entry.Scan;
        if (entry.Undone is not null)
        {
            return (ScanOutcome.Undone, null, null);
        }

        if (scan.Direction is Direction.Out)
        {
            return scan.Fault is null && IsInside ? (ScanOutcome.Exited, null, null) : (ScanOutcome.Refused, scan.Fault ?? "not-inside", null);
        }

        if (!scan.LetIn)
        {
            return (ScanOutcome.Refused, scan.Because, scan.Against);
        }

        return Obstacle(scan, rules) is { } obstacle ? (ScanOutcome.Conflict, obstacle.Reason, obstacle.Against) : (ScanOutcome.Admitted, null, null);
    }

    private int VersionAt(DateTimeOffset at)
    {
        for (var index = Versions.Length - 1; index > 0; index--)
        {
            if (Versions[index].Since <= at)
            {
                return Versions[index].Version;
            }
        }

        return Versions[0].Version;
    }
}
