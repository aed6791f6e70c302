using EventFly.BuildingBlocks.Decisions;
using EventFly.Participants.Inventory;

namespace EventFly.Participants.Tests.Inventory;

/// <summary>Random decisions against an inventory, and beside it a recount that goes over everything and keeps no counters.</summary>
public sealed class NeverOversoldTests
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(10);

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
        var types = Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7()).ToArray();
        var buyers = Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7()).ToArray();
        var limits = new int?[] { null, 4, 2 };
        var quantities = new[] { 12, 9, 5 };
        var orders = new List<Guid>();
        var now = Start;
        var ledger = new Recount();
        var inventory = Evolved(TicketInventory.Initial, ledger, TicketInventory.Initial.Announce(Terms(), 1), now);
        var (accepted, refused) = (0, 0);

        for (var step = 0; step < 4000; step++)
        {
            now += TimeSpan.FromSeconds(random.Next(0, 90));
            var order = orders.Count > 0 && random.Next(3) > 0 ? orders[random.Next(orders.Count)] : Guid.CreateVersion7();
            var buyer = buyers[random.Next(buyers.Length)];
            var free = types.Select(type => ledger.Free(type, quantities[Array.IndexOf(types, type)], now)).ToArray();
            var decided = random.Next(20) switch
            {
                < 9 => Held(inventory, order, buyer, now),
                < 13 => inventory.Sell(order, now),
                < 15 => inventory.Release(order, inventory.Allotments.TryGetValue(order, out var known) ? known.BuyerId : buyer, now),
                < 17 => inventory.Return(order),
                < 18 => inventory.Lapse(now),
                _ => Changed(),
            };

            if (decided.Refusal is { Code: "sold-out" })
            {
                Assert.Contains(types, type => ledger.Free(type, quantities[Array.IndexOf(types, type)], now) < 4);
            }

            (accepted, refused) = decided.Events.Count > 0 ? (accepted + 1, refused) : (accepted, refused + 1);
            inventory = Evolved(inventory, ledger, decided, now);
            for (var index = 0; index < types.Length; index++)
            {
                var stock = inventory.Stocks[types[index]];
                Assert.Equal(ledger.Free(types[index], quantities[index], now), stock.FreeAt(now));
                Assert.Equal(ledger.Sold(types[index]), stock.Sold);
                Assert.Equal(ledger.Written(types[index]), stock.Held);

                // Only a lowered quantity may leave more taken than there is, and then nothing more is taken.
                var taken = ledger.Taken(types[index], now);
                Assert.True(taken <= Math.Max(quantities[index], ledger.TakenBefore(types[index])), $"step {step}: {taken} of {quantities[index]} are taken");
                ledger.Remember(types[index], taken);
                foreach (var each in buyers)
                {
                    Assert.Equal(
                        ledger.TakenBy(each, types[index], now),
                        inventory.Shares.GetValueOrDefault((each, types[index]), Share.None).TakenAt(now));
                    Assert.True(limits[index] is not { } limit || ledger.TakenBy(each, types[index], now) <= limit);
                }
            }
        }

        Assert.True(accepted > 500 && refused > 500, $"{accepted} accepted and {refused} refused say too little.");

        EventTerms Terms() => new(
            Guid.Empty, Guid.Empty, "Concert", Start.AddYears(1), Start.AddYears(2), null,
            [.. types.Select((type, index) => new TicketTerms(type, "Seat", 100, "EUR", quantities[index], null, null, limits[index]))]);

        Decision<InventoryEvent> Held(TicketInventory inventory, Guid order, Guid buyer, DateTimeOffset now)
        {
            orders.Add(order);
            var lines = types.Where(_ => random.Next(2) == 0).Select(type => new WantedLine(type, random.Next(1, 5))).ToArray();
            return inventory.Hold(order, buyer, lines, now, HoldTime);
        }

        Decision<InventoryEvent> Changed()
        {
            var index = random.Next(types.Length);
            quantities[index] = Math.Max(0, quantities[index] + random.Next(-3, 5));
            return inventory.Announce(Terms(), inventory.Revision + 1);
        }
    }

    private static TicketInventory Evolved(TicketInventory state, Recount ledger, Decision<InventoryEvent> decided, DateTimeOffset now)
    {
        foreach (var happened in decided.Events)
        {
            state = TicketInventory.Evolve(state, happened);
            ledger.Write(happened, now);
        }

        return state;
    }

    private sealed class Recount
    {
        private readonly Dictionary<Guid, (TicketsHeld Held, string Status)> orders = [];
        private readonly Dictionary<Guid, int> before = [];

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

        public int Sold(Guid type) => Sum(type, order => order.Status == "sold");

        public int Written(Guid type) => Sum(type, order => order.Status == "held");

        public int Taken(Guid type, DateTimeOffset now) => Sum(type, order => order.Status == "sold" || (order.Status == "held" && order.Held.Until > now));

        public int TakenBy(Guid buyer, Guid type, DateTimeOffset now) => Sum(
            type, order => order.Held.BuyerId == buyer && (order.Status == "sold" || (order.Status == "held" && order.Held.Until > now)));

        public int Free(Guid type, int quantity, DateTimeOffset now) => Math.Max(0, quantity - Taken(type, now));

        public int TakenBefore(Guid type) => before.GetValueOrDefault(type);

        public void Remember(Guid type, int taken) => before[type] = taken;

        private int Sum(Guid type, Func<(TicketsHeld Held, string Status), bool> counts) =>
            orders.Values.Where(counts).SelectMany(order => order.Held.Lines).Where(line => line.TicketTypeId == type).Sum(line => line.Quantity);
    }
}
