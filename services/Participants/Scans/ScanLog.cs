using System.Collections.Immutable;
using System.Diagnostics;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Snapshots;

namespace EventFly.Participants.Scans;

public abstract record ScanLogEvent;

/// <summary>Tickets that doors must know, or know anew.</summary>
public sealed record TicketsKnown(Guid EventId, IReadOnlyList<TicketFacts> Tickets, DateTimeOffset At) : ScanLogEvent;

/// <summary>A scan is in the log, whatever it came to.</summary>
public sealed record TicketScanned(Guid EventId, Scan Scan) : ScanLogEvent;

public sealed record ScanUndone(Guid ScanId, Undoing Undoing) : ScanLogEvent;

/// <summary>Staff looked at a conflict. It changes no outcome.</summary>
public sealed record ConflictResolved(Guid ScanId, Resolution Resolution) : ScanLogEvent;

public sealed record DoorRulesSet(Guid EventId, DoorRules Rules, DateTimeOffset At) : ScanLogEvent;

/// <summary>What was counted at one gate.</summary>
/// <param name="Refused">Exits of nobody who was inside included.</param>
public sealed record GateCount(int In, int Out, int Refused, int Conflicts)
{
    public static GateCount None { get; } = new(0, 0, 0, 0);

    internal GateCount With(ScanOutcome outcome, int by) => outcome switch
    {
        ScanOutcome.Admitted => this with { In = In + by },
        ScanOutcome.Exited => this with { Out = Out + by },
        ScanOutcome.Refused => this with { Refused = Refused + by },
        ScanOutcome.Conflict => this with { Conflicts = Conflicts + by },
        ScanOutcome.Undone => this,
        _ => throw new UnreachableException(),
    };
}

/// <summary>What all gates together say.</summary>
/// <param name="Tickets">Tickets that are known and not void.</param>
/// <param name="Admitted">Tickets that were let in at least once.</param>
/// <param name="Inside">Tickets whose last word is in.</param>
public sealed record Occupancy(int Tickets, int Admitted, int Inside)
{
    internal Occupancy Exchange(TicketAtDoor before, TicketAtDoor after) => new(
        Tickets + Valid(after) - Valid(before),
        Admitted + One(after.Admissions > 0) - One(before.Admissions > 0),
        Inside + One(after.IsInside) - One(before.IsInside));

    private static int Valid(TicketAtDoor ticket) => One(ticket is { Facts: not null, VoidSince: null });

    private static int One(bool counts) => counts ? 1 : 0;
}

/// <summary>Which ticket a device has to hear of. Sorted by when it changed.</summary>
public readonly record struct Changed(long Sequence, Guid TicketId) : IComparable<Changed>
{
    public int CompareTo(Changed other) => Sequence.CompareTo(other.Sequence) is not 0 and var bySequence ? bySequence : TicketId.CompareTo(other.TicketId);

    public static bool operator <(Changed left, Changed right) => left.CompareTo(right) < 0;

    public static bool operator <=(Changed left, Changed right) => left.CompareTo(right) <= 0;

    public static bool operator >(Changed left, Changed right) => left.CompareTo(right) > 0;

    public static bool operator >=(Changed left, Changed right) => left.CompareTo(right) >= 0;
}

/// <summary>
/// Every scan of an event, from every door, online or handed in later. Tickets, counters and conflicts are a function of the set of scans: in whatever order
/// and portions they arrive, the log ends the same.
/// </summary>
/// <param name="EventId">Empty before anything is known.</param>
/// <param name="Sequence">Grows with each event; a device that has everything up to here lacks nothing.</param>
/// <param name="News">The last sequence that brought something a device has to know.</param>
/// <param name="Strays">Scans of codes that name no ticket of this event.</param>
/// <param name="TicketOf">The ticket of each scan; empty for strays.</param>
/// <param name="Places">All scans in their order.</param>
/// <param name="Conflicts">Those whose outcome is a conflict, settled ones included.</param>
/// <param name="Changes">Tickets by when they changed.</param>
/// <param name="Turns">What the last event turned; announced and then forgotten.</param>
public sealed record ScanLog(
    Guid EventId,
    long Sequence,
    long News,
    RuleBook Rules,
    OrderedMap<Guid, TicketAtDoor> Tickets,
    OrderedMap<Guid, Entry> Strays,
    OrderedMap<Guid, Guid> TicketOf,
    OrderedSet<Place> Places,
    OrderedSet<Place> Conflicts,
    ImmutableDictionary<Guid, Resolution> Resolutions,
    OrderedSet<Changed> Changes,
    ImmutableDictionary<string, GateCount> Gates,
    Occupancy Occupancy,
    ImmutableArray<Turn> Turns)
    : IAggregate<ScanLog, ScanLogEvent>
{
    /// <summary>Names of gates that are counted; where rules name the gates there are never that many.</summary>
    public const int MostGates = 500;

    public static ScanLog Initial { get; } = new(
        Guid.Empty, 0, 0, RuleBook.Empty, OrderedMap<Guid, TicketAtDoor>.Empty, OrderedMap<Guid, Entry>.Empty,
        OrderedMap<Guid, Guid>.Empty, [], [], ImmutableDictionary<Guid, Resolution>.Empty, [],
        ImmutableDictionary<string, GateCount>.Empty, new Occupancy(0, 0, 0), []);

    public Entry? EntryOf(Guid scanId) => TicketOf.TryGetValue(scanId, out var ticketId)
        ? ticketId == Guid.Empty ? Strays[scanId] : Tickets[ticketId].EntryOf(scanId)
        : null;

    /// <summary>What is new about these tickets.</summary>
    public Decision<ScanLogEvent> Learn(Guid eventId, IReadOnlyList<TicketFacts> tickets, DateTimeOffset now)
    {
        var news = tickets.Where(IsNews).ToArray();
        return news.Length > 0 ? new TicketsKnown(eventId, news, now) : Decision.Nothing;
    }

    /// <summary>A scan at a door that asks before it opens. The answer is the scan's entry afterwards; a refused one stays in the log too.</summary>
    /// <param name="wanted">Its time is when it was asked for; what the door does is decided here.</param>
    /// <param name="ticket">The ticket as it is kept now.</param>
    public Decision<ScanLogEvent> Answer(Guid eventId, Scan wanted, TicketFacts ticket, DateTimeOffset now)
    {
        if (TicketOf.TryGetValue(wanted.ScanId, out var known))
        {
            return known == ticket.TicketId ? Decision.Nothing : Refusal.Conflict("scan-taken", "This scan id belongs to another ticket.");
        }

        var at = Tickets.GetValueOrDefault(ticket.TicketId) ?? TicketAtDoor.Unknown(ticket.TicketId);
        List<ScanLogEvent> happened = [];
        if (IsNews(ticket))
        {
            happened.Add(new TicketsKnown(eventId, [ticket], now));
            at = at.Learn(ticket, now);
        }

        if (at.Entries.Length >= TicketAtDoor.MostScans)
        {
            return Refusal.Conflict("too-many-scans", "This ticket was scanned too often.");
        }

        if (!CanCount(wanted.Gate))
        {
            return Refusal.Unprocessable("gate-unknown", "There is no such gate.", "gate");
        }

        var scan = wanted with { At = at.MomentFrom(now), ReceivedAt = now };
        var obstacle = scan.Direction is Direction.In ? at.Obstacle(scan, Rules) : null;
        happened.Add(new TicketScanned(eventId, scan with { LetIn = obstacle is null, Because = obstacle?.Reason, Against = obstacle?.Against }));
        return happened;
    }

    /// <summary>Scans from doors that could not ask. Those that are in the log already stay as they are.</summary>
    /// <param name="tickets">The tickets that are kept now, as far as there are any.</param>
    public Decision<ScanLogEvent> Merge(Guid eventId, IReadOnlyList<Scan> scans, IReadOnlyList<TicketFacts> tickets, DateTimeOffset now)
    {
        List<ScanLogEvent> happened = [];
        var news = tickets.Where(IsNews).ToArray();
        if (news.Length > 0)
        {
            happened.Add(new TicketsKnown(eventId, news, now));
        }

        var taken = new HashSet<Guid>();
        var perTicket = new Dictionary<Guid, int>();
        foreach (var scan in scans)
        {
            if (TicketOf.ContainsKey(scan.ScanId) || !taken.Add(scan.ScanId) || !CanCount(scan.Gate))
            {
                continue;
            }

            if (scan.TicketId is { } ticketId)
            {
                var kept = perTicket.TryGetValue(ticketId, out var counted) ? counted : Tickets.GetValueOrDefault(ticketId)?.Entries.Length ?? 0;
                if (kept >= TicketAtDoor.MostScans)
                {
                    continue;
                }

                perTicket[ticketId] = kept + 1;
            }

            happened.Add(new TicketScanned(eventId, scan));
        }

        return happened;
    }

    /// <summary>People take back any scan, a device its own.</summary>
    public Decision<ScanLogEvent> Undo(Guid scanId, Undoing undoing) => EntryOf(scanId) switch
    {
        null => Refusal.NotFound("scan-unknown", "There is no such scan."),
        { Scan.By: var by } when undoing.ByDevice && by != undoing.By => Refusal.Forbidden("scan-of-another", "A device takes back its own scans only."),
        { Undone: not null } => Decision.Nothing,
        _ => new ScanUndone(scanId, undoing),
    };

    public Decision<ScanLogEvent> Resolve(Guid scanId, Resolution resolution) => EntryOf(scanId) switch
    {
        null => Refusal.NotFound("scan-unknown", "There is no such scan."),
        { Outcome: not ScanOutcome.Conflict } => Refusal.Conflict("no-conflict", "This scan is in conflict with nothing."),
        _ when Resolutions.GetValueOrDefault(scanId) is { } known && (known.By, known.Note) == (resolution.By, resolution.Note) => Decision.Nothing,
        _ => new ConflictResolved(scanId, resolution),
    };

    public Decision<ScanLogEvent> Set(Guid eventId, DoorRules rules, DateTimeOffset now)
    {
        if (rules == Rules.Now)
        {
            return Decision.Nothing;
        }

        if (Rules.Pages.Length >= RuleBook.MostPages)
        {
            return Refusal.Conflict("too-many-changes", "The rules of this event were changed too often.");
        }

        return new DoorRulesSet(eventId, rules, !Rules.Pages.IsEmpty && Rules.Pages[^1].Since >= now ? Rules.Pages[^1].Since.AddTicks(1) : now);
    }

    public static ScanLog Evolve(ScanLog state, ScanLogEvent happened)
    {
        state = state with { Sequence = state.Sequence + 1, Turns = [] };
        return happened switch
        {
            TicketsKnown known => known.Tickets.Aggregate(
                state with { EventId = known.EventId }, (log, facts) => log.Exchange(facts.TicketId, ticket => ticket.Learn(facts, known.At))),
            TicketScanned { Scan: { TicketId: { } ticketId } scan } scanned => state.Enter(scanned.EventId, scan, ticketId).Exchange(ticketId, ticket => ticket.Add(scan)),
            TicketScanned { Scan: var scan } scanned => state.Enter(scanned.EventId, scan, Guid.Empty).WithStray(scan, null),
            ScanUndone undone when state.TicketOf[undone.ScanId] == Guid.Empty => state.WithStray(state.Strays[undone.ScanId].Scan, undone.Undoing),
            ScanUndone undone => state.Exchange(state.TicketOf[undone.ScanId], ticket => ticket.Undo(undone.ScanId, undone.Undoing)),
            ConflictResolved resolved => state with { Resolutions = state.Resolutions.SetItem(resolved.ScanId, resolved.Resolution) },
            DoorRulesSet set => state with { EventId = set.EventId, News = state.Sequence, Rules = new RuleBook(state.Rules.Pages.Add(new RulesSince(set.At, set.Rules))) },
            _ => throw new UnreachableException(),
        };
    }

    private bool IsNews(TicketFacts facts) =>
        Tickets.GetValueOrDefault(facts.TicketId)?.Facts is not { } known || (facts.Revision > known.Revision && !facts.SaysTheSameAs(known));

    private bool CanCount(string gate) => Gates.Count < MostGates || Gates.ContainsKey(gate);

    private ScanLog Enter(Guid eventId, Scan scan, Guid ticketId) => this with
    {
        EventId = eventId,
        TicketOf = TicketOf.Add(scan.ScanId, ticketId),
        Places = Places.Add(new Place(scan.At, scan.ScanId)),
    };

    private ScanLog WithStray(Scan scan, Undoing? undoing)
    {
        var before = Strays.GetValueOrDefault(scan.ScanId);
        var outcome = undoing is not null ? ScanOutcome.Undone : scan.LetIn && scan.Direction is Direction.In ? ScanOutcome.Conflict : ScanOutcome.Refused;
        var entry = new Entry(scan, outcome, undoing is null ? scan.Fault ?? "ticket-unknown" : null, null, undoing);
        return (this with { Strays = Strays.SetItem(scan.ScanId, entry) }).Count([new Turn(scan, before?.Outcome, outcome)]);
    }

    /// <summary>One ticket for another, and everything that is counted with it.</summary>
    private ScanLog Exchange(Guid ticketId, Func<TicketAtDoor, TicketAtDoor> change)
    {
        var before = Tickets.GetValueOrDefault(ticketId) ?? TicketAtDoor.Unknown(ticketId);
        var after = change(before).Judged(Rules);
        var isNewToDevices = (after.Facts, after.VoidSince, after.IsInside, after.Last?.Scan.ScanId, after.Admissions)
            != (before.Facts, before.VoidSince, before.IsInside, before.Last?.Scan.ScanId, before.Admissions);
        if (isNewToDevices)
        {
            after = after with { Sequence = Sequence };
        }

        return (this with
        {
            News = isNewToDevices ? Sequence : News,
            Tickets = Tickets.SetItem(ticketId, after),
            Changes = isNewToDevices ? Changes.Remove(new Changed(before.Sequence, ticketId)).Add(new Changed(Sequence, ticketId)) : Changes,
            Occupancy = Occupancy.Exchange(before, after),
        }).Count(TurnsOf(before.Entries, after.Entries));
    }

    private ScanLog Count(IReadOnlyCollection<Turn> turns)
    {
        var (gates, conflicts) = (Gates, Conflicts);
        foreach (var (scan, before, after) in turns)
        {
            var count = gates.GetValueOrDefault(scan.Gate) ?? GateCount.None;
            gates = gates.SetItem(scan.Gate, (before is { } was ? count.With(was, -1) : count).With(after, 1));
            var place = new Place(scan.At, scan.ScanId);
            conflicts = after is ScanOutcome.Conflict ? conflicts.Add(place) : before is ScanOutcome.Conflict ? conflicts.Remove(place) : conflicts;
        }

        return this with { Gates = gates, Conflicts = conflicts, Turns = Turns.AddRange(turns) };
    }

    /// <summary>Both lists are in order, and the later one has at most more.</summary>
    private static List<Turn> TurnsOf(ImmutableArray<Entry> before, ImmutableArray<Entry> after)
    {
        List<Turn> turns = [];
        var index = 0;
        foreach (var entry in after)
        {
            if (index < before.Length && before[index].Scan.ScanId == entry.Scan.ScanId)
            {
                if (before[index].Outcome != entry.Outcome)
                {
                    turns.Add(new Turn(entry.Scan, before[index].Outcome, entry.Outcome));
                }

                index++;
            }
            else
            {
                turns.Add(new Turn(entry.Scan, null, entry.Outcome));
            }
        }

        return turns;
    }
}
