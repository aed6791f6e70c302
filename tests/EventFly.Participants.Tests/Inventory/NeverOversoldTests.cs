using EventFly.BuildingBlocks.Decisions;
using EventFly.Participants.Inventory;

namespace EventFly.Participants.Tests.Inventory;

/// <summary>Random decisions against an inventory, and beside it a recount that goes over everything and keeps no counters.</summary>
public sealed class NeverOversoldTests
{
    private static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(10);

    private readonly Venue venue = new(
        [12, 9, 5, 7], [16, 8, 24], new[,] { { true, false, true }, { true, true, true }, { false, true, true }, { false, false, false } }, [null, 4, 2, null]);

    private readonly Guid[] buyers = [.. Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7())];
    private readonly List<Guid> orders = [];
    private readonly List<InventoryEvent> written = [];
    private readonly Recount recount = new();
    private readonly Dictionary<Guid, int> before = [];
    private DateTimeOffset now = Venue.Start;
    private TicketInventory inventory = TicketInventory.Initial;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Whatever_is_decided_nothing_is_oversold_and_the_counters_are_exact(int seed)
    {
        var random = new Random(seed);
        Happen(inventory.Announce(venue.Terms(), 1, now));
        var (accepted, soldOut, limited, late, short0) = (0, 0, 0, 0, 0);
        for (var step = 0; step < 4000; step++)
        {
            now += TimeSpan.FromSeconds(random.Next(0, 90));
            var order = orders.Count > 0 && random.Next(3) > 0 ? orders[random.Next(orders.Count)] : Guid.CreateVersion7();
            var buyer = buyers[random.Next(buyers.Length)];
            var wanted = venue.Types.Where(_ => random.Next(2) == 0).Select(type => new WantedLine(type, random.Next(1, 5))).ToArray();
            var fits = Fits(wanted);
            var isNew = !inventory.Allotments.TryGetValue(order, out var known);
            var decided = random.Next(20) switch
            {
                < 9 => inventory.Hold(Used(order), buyer, wanted, now, HoldTime),
                < 13 => inventory.Sell(order, now),
                < 15 => inventory.Release(order, known?.BuyerId ?? buyer, now),
                < 17 => inventory.Return(order),
                < 18 => inventory.Lapse(now),
                _ => inventory.Announce(Changed(random), inventory.Revision + 1, now),
            };

            switch (decided)
            {
                case { Refusal.Code: "sold-out" }:
                    Assert.False(fits, $"step {step}: refused, and there is room");
                    soldOut++;
                    break;
                case { Refusal.Code: "per-buyer-limit" }:
                    limited++;
                    break;
                case { Events: [.., TicketsHeld] }:
                    Assert.True(isNew && fits, $"step {step}: held, and there is no room");
                    break;
                case { Events: [.., TicketsSold] } when !known!.IsLiveAt(now):
                    late++;
                    break;
                case { Events: [.., TermsChanged] } when venue.Halls.Any(hall => recount.Taken(venue.TypesIn(hall), now) > venue.CapacityOf(hall)):
                    short0++;
                    break;
                default:
                    break;
            }

            accepted += decided.Events.Count > 0 ? 1 : 0;
            Happen(decided);
            CountersAreExact(step, mayGrow: decided.Events is [.., TermsChanged]);
        }

        // A run in which something never came up says nothing about it.
        Assert.True(
            accepted > 500 && soldOut > 50 && limited > 20 && late > 5 && short0 > 5,
            $"accepted {accepted}, sold out {soldOut}, over the limit {limited}, paid late {late}, quota below what is taken {short0}");
        Assert.Empty(InventoryAudit.Of(written));
    }

    private void CountersAreExact(int step, bool mayGrow)
    {
        foreach (var type in venue.Types)
        {
            Assert.Equal((recount.Written([type]), recount.Sold([type])), (inventory.CountOf(type).Held, inventory.CountOf(type).Sold));
            Assert.Equal(Room(type), inventory.FreeAt(type, now));
            NothingIsAddedAbove(type, [type]);
            foreach (var buyer in buyers)
            {
                var taken = recount.TakenBy(buyer, type, now);
                Assert.Equal(taken, inventory.Shares.GetValueOrDefault((buyer, type), Share.None).TakenAt(now));
                Assert.True(venue.LimitOf(type) is not { } limit || taken <= limit);
            }
        }

        foreach (var hall in venue.Halls)
        {
            var drawing = venue.TypesIn(hall);
            var counter = inventory.Counters[CounterKey.OfQuota(hall)];
            Assert.Equal((recount.Written(drawing), recount.Sold(drawing)), (counter.Held, counter.Sold));
            Assert.Equal(Math.Max(0, venue.CapacityOf(hall) - recount.Taken(drawing, now)), counter.FreeAt(now));
            NothingIsAddedAbove(hall, drawing);
        }

        void NothingIsAddedAbove(Guid id, IReadOnlyList<Guid> of)
        {
            // Only a lowered quantity, or a type that moved, may leave more taken than there is, and then nothing more is taken.
            var (taken, capacity) = (recount.Taken(of, now), venue.CapacityOf(id));
            Assert.True(mayGrow || taken <= Math.Max(capacity, before.GetValueOrDefault(id)), $"step {step}: {taken} of {capacity} are taken");
            before[id] = taken;
        }
    }

    private bool Fits(IReadOnlyList<WantedLine> wanted) =>
        wanted.All(line => line.Quantity <= venue.CapacityOf(line.TicketTypeId) - recount.Taken([line.TicketTypeId], now))
        && venue.Halls.All(hall => venue.TypesIn(hall) is var drawing
            && (!wanted.Any(line => drawing.Contains(line.TicketTypeId))
                || wanted.Where(line => drawing.Contains(line.TicketTypeId)).Sum(line => line.Quantity)
                    <= venue.CapacityOf(hall) - recount.Taken(drawing, now)));

    private int Room(Guid type)
    {
        var free = venue.CapacityOf(type) - recount.Taken([type], now);
        foreach (var hall in venue.HallsOf(type))
        {
            free = Math.Min(free, venue.CapacityOf(hall) - recount.Taken(venue.TypesIn(hall), now));
        }

        return Math.Max(0, free);
    }

    private EventTerms Changed(Random random) => venue.Changed(
        random, quantity => Math.Clamp(quantity + random.Next(-3, 5), 0, 20), capacity => Math.Clamp(capacity + random.Next(-6, 9), 0, 40));

    private Guid Used(Guid order)
    {
        orders.Add(order);
        return order;
    }

    private void Happen(Decision<InventoryEvent> decided)
    {
        foreach (var happened in decided.Events)
        {
            inventory = TicketInventory.Evolve(inventory, happened);
            recount.Write(happened, now);
            written.Add(happened);
        }
    }

    private sealed class Recount
    {
        private readonly Dictionary<Guid, (TicketsHeld Held, string Status)> orders = [];

        public void Write(InventoryEvent happened, DateTimeOffset now)
        {
            switch (happened)
            {
                case TicketsHeld held:
                    orders.Add(held.OrderId, (held, "held"));
                    break;
                case HoldsLapsed lapsed:
                    Assert.Equal(now, lapsed.AsOf);
                    foreach (var (id, order) in orders.Where(pair => pair.Value.Status == "held" && pair.Value.Held.Until <= lapsed.AsOf).ToArray())
                    {
                        orders[id] = order with { Status = "lapsed" };
                    }

                    break;
                case TicketsSold sold:
                    orders[sold.OrderId] = orders[sold.OrderId] with { Status = "sold" };
                    break;
                case HoldReleased released:
                    orders[released.OrderId] = orders[released.OrderId] with { Status = "released" };
                    break;
                case SaleReturned returned:
                    orders[returned.OrderId] = orders[returned.OrderId] with { Status = "returned" };
                    break;
                case SaleRefused refused when orders.TryGetValue(refused.OrderId, out var order):
                    orders[refused.OrderId] = order with { Status = "refused" };
                    break;
                default:
                    break;
            }
        }

        public int Sold(IReadOnlyList<Guid> of) => Sum(of, order => order.Status == "sold");

        public int Written(IReadOnlyList<Guid> of) => Sum(of, order => order.Status == "held");

        public int Taken(IReadOnlyList<Guid> of, DateTimeOffset now) =>
            Sum(of, order => order.Status == "sold" || (order.Status == "held" && order.Held.Until > now));

        public int TakenBy(Guid buyer, Guid type, DateTimeOffset now) => Sum(
            [type], order => order.Held.BuyerId == buyer && (order.Status == "sold" || (order.Status == "held" && order.Held.Until > now)));

        private int Sum(IReadOnlyList<Guid> of, Func<(TicketsHeld Held, string Status), bool> counts) =>
            orders.Values.Where(counts).SelectMany(order => order.Held.Lines).Where(line => of.Contains(line.TicketTypeId)).Sum(line => line.Quantity);
    }
}
