using EventFly.BuildingBlocks.Decisions;
using EventFly.Participants.Scans;

namespace EventFly.Participants.Tests.Scans;

public sealed class ScanLogTests
{
    private static readonly DateTimeOffset Evening = new(2026, 7, 1, 18, 0, 0, TimeSpan.Zero);
    private static readonly Guid Event = Guid.CreateVersion7();
    private static readonly Guid Regular = Guid.CreateVersion7();
    private static readonly Guid Backstage = Guid.CreateVersion7();

    [Theory]
    [InlineData(Reentry.Once, 1)]
    [InlineData(Reentry.AfterExit, 2)]
    [InlineData(Reentry.Unlimited, 3)]
    public void The_same_scans_end_the_same_in_whatever_order_and_portions_they_arrive(Reentry reentry, int seed)
    {
        var random = new Random(seed);
        var tickets = Enumerable.Range(0, 12).Select(_ => Guid.CreateVersion7()).ToArray();
        var rules = new DoorRules(
            new ReentryRule(reentry, reentry is Reentry.Unlimited ? 90 : 0), [new("North", null), new("South", [Backstage])], []);
        var scans = Enumerable.Range(0, 160).Select(_ => RandomScan(random, tickets)).ToArray();
        var expected = "";

        for (var round = 0; round < 60; round++)
        {
            var log = After(new DoorRulesSet(Event, rules, Evening.AddHours(-5)));
            // Half of the tickets are known before the doors open, one is void; the others become known at some time.
            log = Happen(log, log.Learn(Event, [.. tickets.Take(6).Select((ticket, index) => Facts(ticket, index % 3 == 0 ? Backstage : Regular))], Evening.AddHours(-4)));
            log = Happen(log, log.Learn(Event, [Facts(tickets[0], Backstage) with { IsVoid = true, Revision = 2 }], Evening.AddMinutes(20)));
            random.Shuffle(scans);
            var late = tickets.Skip(6).ToList();
            foreach (var portion in Portions(scans, random))
            {
                log = Happen(log, log.Merge(Event, portion, [], Evening.AddHours(6)));
                if (late.Count > 0 && random.Next(4) == 0)
                {
                    log = Happen(log, log.Learn(Event, [Facts(late[0], Regular)], Evening.AddHours(6)));
                    late.RemoveAt(0);
                }

                // Handed in again: nothing.
                Assert.Empty(log.Merge(Event, portion, [], Evening.AddHours(7)).Events);
                CountsAreExact(log);
            }

            log = Happen(log, log.Learn(Event, [.. late.Select(ticket => Facts(ticket, Regular))], Evening.AddHours(6)));
            var ended = Told(log);
            expected = expected.Length == 0 ? ended : expected;
            Assert.Equal(expected, ended);
        }

        Assert.Contains("Admitted", expected, StringComparison.Ordinal);
        Assert.Contains("Conflict", expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Scans_of_one_moment_are_in_the_order_of_their_ids()
    {
        var ticket = Guid.CreateVersion7();
        var (first, second) = (Offline(ticket, Evening), Offline(ticket, Evening));
        var (smaller, greater) = first.ScanId.CompareTo(second.ScanId) < 0 ? (first, second) : (second, first);
        var log = Known(ticket);

        log = Happen(log, log.Merge(Event, [greater], [], Evening));
        Assert.Equal(ScanOutcome.Admitted, log.EntryOf(greater.ScanId)!.Outcome);
        log = Happen(log, log.Merge(Event, [smaller], [], Evening));

        Assert.Equal(ScanOutcome.Admitted, log.EntryOf(smaller.ScanId)!.Outcome);
        Assert.Equal((ScanOutcome.Conflict, "already-admitted", smaller.ScanId), Said(log, greater.ScanId));
    }

    [Fact]
    public void An_earlier_scan_that_is_heard_of_later_makes_the_first_one_a_conflict()
    {
        var ticket = Guid.CreateVersion7();
        var (log, online) = (Known(ticket), Asked(ticket));
        log = Happen(log, log.Answer(Event, online, Facts(ticket, Regular), Evening.AddMinutes(10)));
        var offline = Offline(ticket, Evening.AddMinutes(5)) with { Gate = "South" };

        log = Happen(log, log.Merge(Event, [offline], [], Evening.AddMinutes(30)));

        Assert.Equal(ScanOutcome.Admitted, log.EntryOf(offline.ScanId)!.Outcome);
        Assert.Equal((ScanOutcome.Conflict, "already-admitted", offline.ScanId), Said(log, online.ScanId));
        Assert.Equal(online.ScanId, Assert.Single(log.Conflicts).ScanId);
        Assert.Equal([new Turn(log.EntryOf(offline.ScanId)!.Scan, null, ScanOutcome.Admitted), new Turn(log.EntryOf(online.ScanId)!.Scan, ScanOutcome.Admitted, ScanOutcome.Conflict)], log.Turns.AsEnumerable());
        Assert.Equal((1, 1), (log.Occupancy.Admitted, log.Occupancy.Inside));
    }

    [Fact]
    public void A_scan_that_let_nobody_in_never_becomes_an_admission()
    {
        var ticket = Guid.CreateVersion7();
        var (log, first, refused) = (Known(ticket), Asked(ticket), Asked(ticket));
        log = Happen(log, log.Answer(Event, first, Facts(ticket, Regular), Evening));
        log = Happen(log, log.Answer(Event, refused, Facts(ticket, Regular), Evening));
        Assert.False(log.EntryOf(refused.ScanId)!.Scan.LetIn);

        log = Happen(log, log.Undo(first.ScanId, new Undoing(Guid.CreateVersion7(), false, "wrong ticket", Evening)));

        Assert.Equal((ScanOutcome.Refused, "already-admitted", first.ScanId), Said(log, refused.ScanId));
        Assert.Equal(new Occupancy(1, 0, 0), log.Occupancy);
    }

    [Fact]
    public void An_undone_scan_gives_its_place_to_the_conflict_that_stood_against_it()
    {
        var ticket = Guid.CreateVersion7();
        var (log, first, second) = (Known(ticket), Offline(ticket, Evening), Offline(ticket, Evening.AddMinutes(1)));
        log = Happen(log, log.Merge(Event, [second, first], [], Evening.AddHours(1)));
        Assert.Equal(ScanOutcome.Conflict, log.EntryOf(second.ScanId)!.Outcome);

        log = Happen(log, log.Undo(first.ScanId, new Undoing(Guid.CreateVersion7(), false, "", Evening)));

        Assert.Equal(ScanOutcome.Undone, log.EntryOf(first.ScanId)!.Outcome);
        Assert.Equal(ScanOutcome.Admitted, log.EntryOf(second.ScanId)!.Outcome);
        Assert.Empty(log.Conflicts);
        CountsAreExact(log);
    }

    [Fact]
    public void Two_questions_at_once_have_one_winner_even_when_the_earlier_is_decided_later()
    {
        var ticket = Guid.CreateVersion7();
        var (log, slow, fast) = (Known(ticket), Asked(ticket), Asked(ticket));
        log = Happen(log, log.Answer(Event, fast, Facts(ticket, Regular), Evening.AddMilliseconds(5)));

        log = Happen(log, log.Answer(Event, slow, Facts(ticket, Regular), Evening));

        Assert.Equal(ScanOutcome.Admitted, log.EntryOf(fast.ScanId)!.Outcome);
        Assert.Equal(ScanOutcome.Refused, log.EntryOf(slow.ScanId)!.Outcome);
    }

    [Fact]
    public void Whoever_went_out_comes_in_again_where_the_rule_says_so()
    {
        var ticket = Guid.CreateVersion7();
        var log = Happen(Known(ticket), new DoorRulesSet(Event, new DoorRules(new ReentryRule(Reentry.AfterExit, 0), [], []), Evening.AddHours(-1)));

        log = Happen(log, log.Merge(
            Event,
            [Offline(ticket, Evening), Offline(ticket, Evening.AddMinutes(1)), Exit(ticket, Evening.AddMinutes(2)), Offline(ticket, Evening.AddMinutes(3)), Exit(ticket, Evening.AddMinutes(4)), Exit(ticket, Evening.AddMinutes(5))],
            [], Evening.AddHours(1)));

        Assert.Equal(
            [ScanOutcome.Admitted, ScanOutcome.Conflict, ScanOutcome.Exited, ScanOutcome.Admitted, ScanOutcome.Exited, ScanOutcome.Refused],
            log.Tickets[ticket].Entries.Select(entry => entry.Outcome));
        Assert.Equal((2, 1, 0), (log.Tickets[ticket].Admissions, log.Occupancy.Admitted, log.Occupancy.Inside));
        Assert.Equal(new GateCount(2, 2, 1, 1), log.Gates["North"]);
    }

    [Fact]
    public void A_pause_holds_back_whoever_comes_again_too_soon()
    {
        var ticket = Guid.CreateVersion7();
        var rules = new DoorRules(ReentryRule.Once, [], [new TicketTypeRule(Regular, new ReentryRule(Reentry.Unlimited, 60))]);
        var log = Happen(Known(ticket), new DoorRulesSet(Event, rules, Evening.AddHours(-1)));
        var (first, soon, later) = (Asked(ticket), Asked(ticket), Asked(ticket));

        log = Happen(log, log.Answer(Event, first, Facts(ticket, Regular), Evening));
        log = Happen(log, log.Answer(Event, soon, Facts(ticket, Regular), Evening.AddSeconds(59)));
        log = Happen(log, log.Answer(Event, later, Facts(ticket, Regular), Evening.AddSeconds(60)));

        Assert.Equal((ScanOutcome.Refused, "too-soon", first.ScanId), Said(log, soon.ScanId));
        Assert.Equal(ScanOutcome.Admitted, log.EntryOf(later.ScanId)!.Outcome);
        Assert.Equal(1, log.Occupancy.Inside);
    }

    [Fact]
    public void Gates_let_in_the_types_they_are_for()
    {
        var (ticket, crew) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var log = Happen(Known(ticket), new DoorRulesSet(Event, new DoorRules(ReentryRule.Once, [new("Stage", [Backstage]), new("North", null)], []), Evening.AddHours(-1)));
        log = Happen(log, log.Learn(Event, [Facts(crew, Backstage)], Evening));
        var (wrong, right, nowhere) = (Asked(ticket) with { Gate = "Stage" }, Asked(crew) with { Gate = "Stage" }, Offline(ticket, Evening) with { Gate = "Moon" });

        log = Happen(log, log.Answer(Event, wrong, Facts(ticket, Regular), Evening));
        log = Happen(log, log.Answer(Event, right, Facts(crew, Backstage), Evening));
        log = Happen(log, log.Merge(Event, [nowhere], [], Evening.AddMinutes(1)));

        Assert.Equal((ScanOutcome.Refused, "wrong-gate", null), Said(log, wrong.ScanId));
        Assert.Equal(ScanOutcome.Admitted, log.EntryOf(right.ScanId)!.Outcome);
        Assert.Equal((ScanOutcome.Conflict, "gate-unknown", null), Said(log, nowhere.ScanId));
    }

    [Fact]
    public void A_scan_is_judged_by_the_rules_and_by_the_ticket_of_its_time()
    {
        var ticket = Guid.CreateVersion7();
        var log = Known(ticket);
        var (before, after) = (Offline(ticket, Evening), Offline(ticket, Evening.AddMinutes(20)));
        log = Happen(log, log.Set(Event, new DoorRules(new ReentryRule(Reentry.Unlimited, 0), [], []), Evening.AddMinutes(10)));
        log = Happen(log, log.Learn(Event, [Facts(ticket, Regular) with { CodeVersion = 2, Revision = 2 }], Evening.AddMinutes(15)));
        log = Happen(log, log.Learn(Event, [Facts(ticket, Regular) with { CodeVersion = 2, Revision = 3, IsVoid = true }], Evening.AddMinutes(30)));

        log = Happen(log, log.Merge(Event, [before, Offline(ticket, Evening.AddMinutes(5)), Offline(ticket, Evening.AddMinutes(12)), after, after with { ScanId = Guid.CreateVersion7(), At = Evening.AddMinutes(21), CodeVersion = 2 }, after with { ScanId = Guid.CreateVersion7(), At = Evening.AddMinutes(31), CodeVersion = 2 }], [], Evening.AddHours(1)));

        Assert.Equal(
            [null, "already-admitted", null, "code-outdated", null, "ticket-void"],
            log.Tickets[ticket].Entries.Select(entry => entry.Reason));
    }

    [Fact]
    public void A_ticket_that_becomes_known_late_is_judged_then()
    {
        var ticket = Guid.CreateVersion7();
        var (log, scan) = (ScanLog.Initial, Offline(ticket, Evening));
        log = Happen(log, log.Merge(Event, [scan], [], Evening));
        Assert.Equal((ScanOutcome.Conflict, "ticket-unknown", null), Said(log, scan.ScanId));

        log = Happen(log, log.Learn(Event, [Facts(ticket, Regular)], Evening.AddMinutes(1)));

        Assert.Equal(ScanOutcome.Admitted, log.EntryOf(scan.ScanId)!.Outcome);
        Assert.Empty(log.Conflicts);
    }

    [Fact]
    public void Old_news_of_a_ticket_is_no_news()
    {
        var ticket = Guid.CreateVersion7();
        var log = Happen(ScanLog.Initial, ScanLog.Initial.Learn(Event, [Facts(ticket, Regular) with { IsVoid = true, Revision = 5 }], Evening));

        Assert.Empty(log.Learn(Event, [Facts(ticket, Regular)], Evening).Events);
        Assert.Empty(log.Learn(Event, [Facts(ticket, Regular) with { IsVoid = true, Revision = 6 }], Evening).Events);
    }

    private static Scan RandomScan(Random random, Guid[] tickets)
    {
        var direction = random.Next(4) == 0 ? Direction.Out : Direction.In;
        var fault = random.Next(20) == 0 ? "code-forged" : null;
        return new Scan(
            Guid.CreateVersion7(), fault is null ? tickets[random.Next(tickets.Length)] : null, random.Next(15) == 0 ? 2 : 1, direction,
            random.Next(3) == 0 ? "South" : "North", Evening.AddSeconds(random.Next(60) * 30), Evening.AddHours(6), null, Guid.CreateVersion7(), true,
            direction is Direction.Out || random.Next(5) > 0)
        {
            Fault = fault,
            Because = "refused-at-door",
        };
    }

    private static IEnumerable<Scan[]> Portions(Scan[] scans, Random random)
    {
        for (var from = 0; from < scans.Length;)
        {
            var size = Math.Min(random.Next(1, 40), scans.Length - from);
            yield return scans[from..(from + size)];
            from += size;
        }
    }

    /// <summary>Everything that has to be the same, and nothing that may differ.</summary>
    private static string Told(ScanLog log) => string.Join('\n', new[]
    {
        string.Join('\n', log.Places.Select(place => log.EntryOf(place.ScanId)!).Select(entry => $"{entry.Scan.ScanId} {entry.Outcome} {entry.Reason} {entry.Against}")),
        string.Join('\n', log.Gates.OrderBy(gate => gate.Key, StringComparer.Ordinal)),
        string.Join('\n', log.Conflicts),
        string.Join('\n', TicketsOf(log).OrderBy(ticket => ticket.TicketId).Select(ticket => $"{ticket.TicketId} {ticket.IsInside} {ticket.Admissions} {ticket.Last?.Scan.ScanId}")),
        log.Occupancy.ToString(),
    });

    private static void CountsAreExact(ScanLog log)
    {
        var entries = TicketsOf(log).SelectMany(ticket => ticket.Entries).Concat(log.Strays.Select(stray => stray.Value)).ToArray();
        Assert.Equal(log.Places.ToArray(), entries.Select(entry => entry.Place).Order());
        Assert.Equal(log.Conflicts.ToArray(), entries.Where(entry => entry.Outcome is ScanOutcome.Conflict).Select(entry => entry.Place).Order());
        foreach (var gate in entries.GroupBy(entry => entry.Scan.Gate))
        {
            int Of(ScanOutcome outcome) => gate.Count(entry => entry.Outcome == outcome);
            Assert.Equal(new GateCount(Of(ScanOutcome.Admitted), Of(ScanOutcome.Exited), Of(ScanOutcome.Refused), Of(ScanOutcome.Conflict)), log.Gates[gate.Key]);
        }

        Assert.Equal(
            new Occupancy(
                TicketsOf(log).Count(ticket => ticket is { Facts: not null, VoidSince: null }),
                TicketsOf(log).Count(ticket => ticket.Entries.Any(entry => entry.Outcome is ScanOutcome.Admitted)),
                TicketsOf(log).Count(ticket => ticket.Entries.LastOrDefault(entry => entry.Outcome is ScanOutcome.Admitted or ScanOutcome.Exited)?.Outcome is ScanOutcome.Admitted)),
            log.Occupancy);
        Assert.Equal(
            TicketsOf(log).Where(ticket => ticket.Sequence > 0).Select(ticket => new Changed(ticket.Sequence, ticket.TicketId)).Order(), log.Changes.ToArray());
    }

    private static IEnumerable<TicketAtDoor> TicketsOf(ScanLog log) => log.Tickets.Select(ticket => ticket.Value);

    private static (ScanOutcome Outcome, string? Reason, Guid? Against) Said(ScanLog log, Guid scanId) =>
        log.EntryOf(scanId) is { } entry ? (entry.Outcome, entry.Reason, entry.Against) : throw new InvalidOperationException("There is no such scan.");

    private static ScanLog Known(Guid ticket) => After(new TicketsKnown(Event, [Facts(ticket, Regular)], Evening.AddHours(-2)));

    private static TicketFacts Facts(Guid ticket, Guid type) => new(ticket, type, "AM", 1, false, 1);

    private static Scan Asked(Guid ticket) =>
        new(Guid.CreateVersion7(), ticket, 1, Direction.In, "North", default, default, null, Guid.CreateVersion7(), false, false);

    private static Scan Offline(Guid ticket, DateTimeOffset at) =>
        new(Guid.CreateVersion7(), ticket, 1, Direction.In, "North", at, Evening.AddHours(6), at, Guid.CreateVersion7(), true, true);

    private static Scan Exit(Guid ticket, DateTimeOffset at) => Offline(ticket, at) with { Direction = Direction.Out };

    private static ScanLog After(params ScanLogEvent[] happened) => happened.Aggregate(ScanLog.Initial, ScanLog.Evolve);

    private static ScanLog Happen(ScanLog log, Decision<ScanLogEvent> decision)
    {
        Assert.Null(decision.Refusal);
        return decision.Events.Aggregate(log, ScanLog.Evolve);
    }
}
