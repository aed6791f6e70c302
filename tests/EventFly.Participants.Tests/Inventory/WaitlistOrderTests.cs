using EventFly.BuildingBlocks.Decisions;
using EventFly.Participants.Inventory;

namespace EventFly.Participants.Tests.Inventory;

/// <summary>Random buying and waiting, and beside it a line of people that is gone through from its head each time, without lanes and without counters.</summary>
public sealed class WaitlistOrderTests
{
    private static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan OfferTime = TimeSpan.FromMinutes(30);

    private readonly Venue venue = new([6, 5, 4], [8, 30], new[,] { { true, true }, { true, false }, { false, true } }, [null, null, null]);

    private readonly Dictionary<Guid, (TicketsHeld Held, bool Counts, bool Sold)> orders = [];
    private readonly List<(Guid EntryId, IReadOnlyList<WantedLine> Lines)> line = [];
    private readonly List<InventoryEvent> written = [];
    private DateTimeOffset now = Venue.Start;
    private TicketInventory inventory = TicketInventory.Initial;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Freed_tickets_go_down_the_line_and_nobody_slips_in(int seed)
    {
        var random = new Random(seed);
        Happen(inventory.Announce(venue.Terms(), 1, now));
        var (offers, joins, larger, kept, free) = (0, 0, 0, 0, 0);
        for (var step = 0; step < 3000; step++)
        {
            now += TimeSpan.FromSeconds(random.Next(0, 120));
            inventory = step % 500 == 499 ? InventoryStream.Definition.Snapshots!.Read(InventoryStream.Definition.Snapshots.Write(inventory)) : inventory;
            var party = Party(random);
            var left = Naive().Left;
            var fits = Wanted(party).All(need => left[need.Key] >= need.Value);
            var headBefore = Head();
            switch (random.Next(20))
            {
                case < 7:
                    var held = inventory.Hold(Guid.CreateVersion7(), Guid.CreateVersion7(), party, now, HoldTime);
                    Assert.True(held.Refusal is null == fits, $"step {step}: {held.Refusal?.Code ?? "held"}, and it fits behind the line: {fits}");
                    kept += held.Refusal?.Code == "join-waitlist" && Wanted(party).All(need => Room(need.Key) >= need.Value) ? 1 : 0;
                    Happen(held);
                    break;
                case < 11:
                    var joined = inventory.Join(Guid.CreateVersion7(), Guid.CreateVersion7(), party, now);
                    var soldOut = Wanted(party).Keys.Any(key => left[key] <= 0);
                    var possible = Wanted(party).All(need => venue.CapacityOf(need.Key) >= need.Value);
                    Assert.Equal(!possible ? "party-too-large" : soldOut ? null : "tickets-free", joined.Refusal?.Code);
                    joins += joined.Events.Count > 0 ? 1 : 0;
                    free += joined.Refusal?.Code == "tickets-free" ? 1 : 0;
                    Happen(joined);
                    break;
                case < 13 when Some(random) is { } order:
                    Happen(inventory.Sell(order, now));
                    break;
                case < 15 when Some(random) is { } order:
                    Happen(inventory.Return(order));
                    Happen(inventory.Release(order, inventory.Allotments[order].BuyerId, now));
                    break;
                case 15 when line.Count > 0:
                    var entry = inventory.Waiting.Entries[line[random.Next(line.Count)].EntryId];
                    Happen(inventory.Leave(entry.EntryId, entry.BuyerId, now));
                    break;
                case 16:
                    Happen(inventory.Announce(Changed(random), inventory.Revision + 1, now));
                    headBefore = null;
                    break;
                case < 19:
                    var made = AllOffers();
                    offers += made.Count;
                    larger += made.Count(id => inventory.Waiting.Entries[id].People > 2);
                    Assert.True(HeadCannotBeServed(), $"step {step}: the head of the line fits and has no offer");
                    break;
                default:
                    Happen(inventory.Lapse(now));
                    break;
            }

            if (headBefore is { } head && line.Any(waiting => waiting.EntryId == head.EntryId))
            {
                Assert.True(
                    Gathered(head.Lines).Zip(head.Gathered).All(pair => pair.First >= pair.Second),
                    $"step {step}: what gathered for the head of the line was taken");
            }
        }

        Assert.True(
            offers > 100 && joins > 200 && larger > 20 && kept > 20 && free > 3,
            $"offers {offers}, joins {joins}, parties of three and more served {larger}, free tickets kept for the line {kept}, not sold out {free}");
        EverybodyIsServedOnceTheTicketsComeBack();
        Assert.Empty(InventoryAudit.Of(written));
    }

    private void EverybodyIsServedOnceTheTicketsComeBack()
    {
        for (var round = 0; line.Any(waiting => Possible(waiting.Lines)) && round < 10_000; round++)
        {
            foreach (var (order, _) in orders.Where(pair => pair.Value.Counts).ToArray())
            {
                Happen(inventory.Return(order));
                Happen(inventory.Release(order, inventory.Allotments[order].BuyerId, now));
            }

            Assert.NotEmpty(AllOffers());
        }

        Assert.DoesNotContain(line, waiting => Possible(waiting.Lines));
    }

    /// <summary>Who is served now, and what is left behind the line.</summary>
    private (List<Guid> Served, Dictionary<Guid, int> Left) Naive()
    {
        var left = venue.Types.Concat(venue.Halls).ToDictionary(key => key, Room);
        var served = new List<Guid>();
        var closed = new HashSet<Guid>();
        foreach (var (entryId, lines) in line.Where(waiting => Possible(waiting.Lines)))
        {
            var wanted = Wanted(lines);
            if (wanted.Keys.Any(closed.Contains))
            {
                continue;
            }

            var lacking = wanted.Where(need => left[need.Key] < need.Value).Select(need => need.Key).ToArray();
            if (lacking.Length == 0)
            {
                served.Add(entryId);
                foreach (var need in wanted)
                {
                    left[need.Key] -= need.Value;
                }

                continue;
            }

            foreach (var one in lines)
            {
                var gathered = Math.Max(0, venue.HallsOf(one.TicketTypeId).Append(one.TicketTypeId).Min(key => Math.Min(left[key], one.Quantity)));
                foreach (var key in Wanted([one]).Keys)
                {
                    left[key] -= gathered;
                }
            }

            closed.UnionWith(lacking);
        }

        foreach (var key in closed)
        {
            left[key] = 0;
        }

        return (served, left);
    }

    private List<Guid> AllOffers()
    {
        var made = new List<Guid>();
        while (inventory.Offer(now, OfferTime) is { Events.Count: > 0 } decided)
        {
            var offered = decided.Events.OfType<TicketsOffered>().Select(happened => happened.EntryId).ToArray();
            Assert.Equal(Naive().Served, offered);
            made.AddRange(offered);
            Happen(decided);
        }

        Assert.Empty(Naive().Served);
        return made;
    }

    private (Guid EntryId, IReadOnlyList<WantedLine> Lines, int[] Gathered)? Head() =>
        line.FirstOrDefault(waiting => Possible(waiting.Lines)) is { Lines: not null } head ? (head.EntryId, head.Lines, Gathered(head.Lines)) : null;

    private int[] Gathered(IReadOnlyList<WantedLine> lines) =>
        [.. lines.Select(one => Wanted([one]).Keys.Min(key => Math.Min(one.Quantity, Math.Max(0, Room(key)))))];

    private bool HeadCannotBeServed() => Head() is not { } head || Wanted(head.Lines).Any(need => Room(need.Key) < need.Value);

    private bool Possible(IReadOnlyList<WantedLine> lines) => Wanted(lines).All(need => venue.CapacityOf(need.Key) >= need.Value);

    private Dictionary<Guid, int> Wanted(IReadOnlyList<WantedLine> lines) => lines
        .SelectMany(one => venue.HallsOf(one.TicketTypeId).Append(one.TicketTypeId), (one, key) => (key, one.Quantity))
        .GroupBy(pair => pair.key).ToDictionary(need => need.Key, need => need.Sum(pair => pair.Quantity));

    private int Room(Guid key) => venue.CapacityOf(key) - orders.Values.Where(order => order.Counts && (order.Sold || order.Held.Until > now))
        .SelectMany(order => order.Held.Lines).Where(held => held.TicketTypeId == key || venue.HallsOf(held.TicketTypeId).Contains(key)).Sum(held => held.Quantity);

    private WantedLine[] Party(Random random)
    {
        var first = random.Next(venue.Types.Length);
        return random.Next(4) == 0
            ? [new WantedLine(venue.Types[first], random.Next(1, 3)), new WantedLine(venue.Types[(first + 1) % venue.Types.Length], random.Next(1, 3))]
            : [new WantedLine(venue.Types[first], random.Next(1, 5))];
    }

    private Guid? Some(Random random) =>
        orders.Where(order => order.Value.Counts || random.Next(5) == 0).Select(order => order.Key).ToArray() is { Length: > 0 } some ? some[random.Next(some.Length)] : null;

    private EventTerms Changed(Random random) => venue.Changed(
        random, quantity => Math.Clamp(quantity + random.Next(-2, 3), 1, 9), capacity => Math.Clamp(capacity + random.Next(-3, 4), 2, 30));

    private void Happen(Decision<InventoryEvent> decided)
    {
        foreach (var happened in decided.Events)
        {
            inventory = TicketInventory.Evolve(inventory, happened);
            written.Add(happened);
            switch (happened)
            {
                case TicketsHeld held:
                    orders.Add(held.OrderId, (held, true, false));
                    break;
                case TicketsSold sold:
                    orders[sold.OrderId] = (orders[sold.OrderId].Held, true, true);
                    break;
                case HoldReleased released:
                    orders[released.OrderId] = (orders[released.OrderId].Held, false, false);
                    break;
                case SaleReturned returned:
                    orders[returned.OrderId] = (orders[returned.OrderId].Held, false, false);
                    break;
                case SaleRefused refused:
                    orders[refused.OrderId] = (orders[refused.OrderId].Held, false, false);
                    break;
                case WaitlistJoined joined:
                    line.Add((joined.EntryId, joined.Lines));
                    break;
                case TicketsOffered offered:
                    line.RemoveAll(waiting => waiting.EntryId == offered.EntryId);
                    break;
                case WaitlistLeft left:
                    line.RemoveAll(waiting => waiting.EntryId == left.EntryId);
                    break;
                default:
                    break;
            }
        }
    }
}
