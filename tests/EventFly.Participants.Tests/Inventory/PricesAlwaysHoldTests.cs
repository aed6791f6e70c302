using EventFly.BuildingBlocks.Decisions;
using EventFly.Participants.Inventory;

namespace EventFly.Participants.Tests.Inventory;

/// <summary>Random decisions with prices that move and codes that run out, and beside them a recount that knows only the events.</summary>
public sealed class PricesAlwaysHoldTests
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(10);

    private readonly Guid[] types = [.. Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7())];
    private readonly int[] quantities = [40, 30, 20];
    private readonly Guid[] codes = [.. Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7())];
    private readonly int[] limits = [9, 5, 14];
    private readonly int[] usesBefore = new int[3];
    private readonly Guid[] buyers = [.. Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7())];
    private readonly List<InventoryEvent> written = [];
    private readonly Dictionary<Guid, (TicketsHeld Held, bool Sold, bool Open)> orders = [];
    private readonly Dictionary<Guid, long> announced = [];
    private long basePrice = 2000;
    private DateTimeOffset now = Start;
    private TicketInventory inventory = TicketInventory.Initial;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_price_is_the_one_that_was_announced_and_no_code_is_used_too_often(int seed)
    {
        var random = new Random(seed);
        Happen(inventory.Announce(Terms(), 1, now));
        var (held, usedUp, perBuyer, split, changes, late, lateRefused, parts) = (0, 0, 0, 0, 0, 0, 0, 0);
        for (var step = 0; step < 4000; step++)
        {
            now += TimeSpan.FromSeconds(random.Next(0, 60));
            var order = orders.Count > 0 && random.Next(2) == 0 ? orders.Keys.ElementAt(random.Next(orders.Count)) : Guid.CreateVersion7();
            var known = orders.TryGetValue(order, out var was);
            var buyer = buyers[random.Next(buyers.Length)];
            var wanted = types.Where(_ => random.Next(2) == 0).Select(type => new WantedLine(type, random.Next(1, 5))).ToArray();
            var code = random.Next(3) > 0 ? $"code {random.Next(codes.Length)}" : null;
            var decided = random.Next(22) switch
            {
                > 19 => inventory.Keep(order, known ? [.. was.Held.Lines.Select(line => new TicketCount(line.TicketTypeId, line.UnitPrice, random.Next(0, line.Quantity + 1)))] : []),
                < 9 => inventory.Hold(known ? Guid.CreateVersion7() : order, buyer, wanted, now, HoldTime, code),
                < 12 => inventory.Sell(order, now),
                < 14 => inventory.Release(order, known ? was.Held.BuyerId : buyer, now),
                < 17 => inventory.Return(order),
                < 19 => inventory.Lapse(now),
                _ => inventory.Announce(Changed(random), inventory.Revision + 1, now),
            };
            held += decided.Events.Any(happened => happened is TicketsHeld) ? 1 : 0;
            split += decided.Events.OfType<TicketsHeld>().Any(happened => happened.Lines.Count > happened.Lines.DistinctBy(line => line.TicketTypeId).Count()) ? 1 : 0;
            changes += decided.Events.Count(happened => happened is PriceChanged);
            usedUp += decided.Refusal?.Code == "code-used-up" ? 1 : 0;
            perBuyer += decided.Refusal?.Code == "code-per-buyer-limit" ? 1 : 0;
            late += decided.Events.OfType<TicketsSold>().Any() && known && was.Held.Until <= now ? 1 : 0;
            lateRefused += decided.Events.OfType<SaleRefused>().Any(refused => refused.Reason == "code-used-up") ? 1 : 0;
            parts += decided.Events.OfType<TicketsReturned>().Count();
            var looksAtTheClock = decided.Events.Any(happened => happened is TicketsHeld or TicketsSold or HoldReleased or HoldsLapsed or PriceChanged or TermsChanged);

            Happen(decided);

            for (var index = 0; index < codes.Length; index++)
            {
                var uses = Uses(codes[index], _ => true);
                Assert.Equal(Math.Max(0, limits[index] - uses), inventory.UsesLeft(inventory.Terms!.Codes[index], now));
                // Only a lowered limit may leave more uses than there may be, and then none is added.
                Assert.True(uses <= Math.Max(limits[index], usesBefore[index]), $"step {step}: a code for {limits[index]} is used {uses} times");
                usesBefore[index] = uses;
                foreach (var each in buyers)
                {
                    Assert.Equal(
                        Uses(codes[index], order => order.BuyerId == each),
                        inventory.CodeShares.GetValueOrDefault((each, codes[index]), Share.None).TakenAt(now));
                }
            }

            foreach (var type in inventory.Terms!.TicketTypes.Where(_ => looksAtTheClock))
            {
                Assert.Equal(PriceOf(type, Taken(type.TicketTypeId), now), inventory.Prices[type.TicketTypeId]);
            }
        }

        // A run in which something never came up says nothing about it.
        Assert.True(
            held > 200 && usedUp > 30 && perBuyer > 50 && split > 10 && changes > 100 && late > 10 && lateRefused > 0 && parts > 50,
            $"held {held}, used up {usedUp}, per buyer {perBuyer}, parties over a step {split}, prices {changes}, paid late {late}, too late for the code {lateRefused}, in parts {parts}");
        Assert.Empty(InventoryAudit.Of(written));
    }

    private void Happen(Decision<InventoryEvent> decided)
    {
        foreach (var happened in decided.Events)
        {
            switch (happened)
            {
                case TicketsHeld held:
                    PricesAreThoseOfTheirPlaces(held);
                    orders.Add(held.OrderId, (held, false, true));
                    break;
                case TicketsSold sold:
                    orders[sold.OrderId] = orders[sold.OrderId] with { Sold = true };
                    break;
                case HoldReleased released:
                    orders[released.OrderId] = orders[released.OrderId] with { Open = false };
                    break;
                case TicketsReturned returned:
                    var lines = orders[returned.OrderId].Held.Lines.ToList();
                    foreach (var gone in returned.Lines.SelectMany(count => Enumerable.Repeat(count, count.Quantity)))
                    {
                        var at = lines.FindIndex(line => line.Quantity > 0 && (line.TicketTypeId, line.UnitPrice) == (gone.TicketTypeId, gone.UnitPrice));
                        lines[at] = lines[at] with { Quantity = lines[at].Quantity - 1 };
                    }

                    orders[returned.OrderId] = orders[returned.OrderId] with { Held = orders[returned.OrderId].Held with { Lines = lines } };
                    break;
                case SaleReturned whole:
                    orders[whole.OrderId] = orders[whole.OrderId] with { Sold = false, Open = false };
                    break;
                case SaleRefused refused when orders.TryGetValue(refused.OrderId, out var order):
                    orders[refused.OrderId] = order with { Open = false };
                    break;
                case PriceChanged changed:
                    var type = inventory.Terms!.TicketTypes.Single(type => type.TicketTypeId == changed.TicketTypeId);
                    Assert.Equal(announced.TryGetValue(changed.TicketTypeId, out var before) ? before : null, changed.From);
                    Assert.NotEqual(changed.From, changed.To);
                    Assert.Equal(PriceOf(type, changed.Taken, changed.At), changed.To);
                    Assert.Equal(written.Count(earlier => earlier is PriceChanged) + 1, changed.Number);
                    announced[changed.TicketTypeId] = changed.To;
                    break;
                default:
                    break;
            }

            written.Add(happened);
            inventory = TicketInventory.Evolve(inventory, happened);
        }
    }

    private void PricesAreThoseOfTheirPlaces(TicketsHeld held)
    {
        foreach (var party in held.Lines.GroupBy(line => line.TicketTypeId))
        {
            var type = inventory.Terms!.TicketTypes.Single(type => type.TicketTypeId == party.Key);
            var place = Taken(party.Key);
            Assert.Equal(announced[party.Key], party.First().ListPrice ?? party.First().UnitPrice);
            foreach (var line in party)
            {
                for (var ticket = 0; ticket < line.Quantity; ticket++)
                {
                    Assert.Equal(PriceOf(type, place++, now), line.ListPrice ?? line.UnitPrice);
                }

                Assert.InRange(line.ListPrice ?? line.UnitPrice, type.PriceRule is { Demand: null } ? 500 : 1500, type.PriceRule?.Demand is null ? basePrice : 5000);
                Assert.InRange(line.UnitPrice, 0, line.ListPrice ?? line.UnitPrice);
                Assert.True(line.CodeId is not null || line.ListPrice is null);
            }
        }
    }

    private int Taken(Guid type) => orders.Values.Where(IsTaken).SelectMany(order => order.Held.Lines).Where(line => line.TicketTypeId == type).Sum(line => line.Quantity);

    private int Uses(Guid code, Func<TicketsHeld, bool> of) =>
        orders.Values.Where(order => IsTaken(order) && of(order.Held)).SelectMany(order => order.Held.Lines).Where(line => line.CodeId == code).Sum(line => line.Quantity);

    private bool IsTaken((TicketsHeld Held, bool Sold, bool Open) order) => order.Sold || (order.Open && order.Held.Until > now);

    /// <summary>The rule said once more, by looking at everything.</summary>
    private static long PriceOf(TicketTerms type, int taken, DateTimeOffset at) => type.PriceRule switch
    {
        null => type.Price,
        { Demand: { } demand } => demand.Steps.Where(step => taken * 100.0 / type.Quantity >= step.FromPercent).Select(step => step.Price).Append(type.Price).Max(),
        { Tiers: var tiers } => tiers.Where(tier => (tier.Until is null || at < tier.Until) && (tier.UntilSold is null || taken < tier.UntilSold)).Select(tier => tier.Price).Append(type.Price).First(),
    };

    private EventTerms Changed(Random random)
    {
        basePrice = 2000 + random.Next(0, 3);
        for (var index = 0; index < limits.Length; index++)
        {
            limits[index] = Math.Max(1, limits[index] + random.Next(-2, 3));
        }

        return Terms();
    }

    private EventTerms Terms() => new(
        Guid.Empty, Guid.Empty, "Concert", Start.AddYears(1), Start.AddYears(2), null,
        [
            new TicketTerms(types[0], "Early", basePrice, "EUR", quantities[0], null, null, null)
            {
                PriceRule = new PriceRule(
                    [new PriceTier("One", 500, Start.AddHours(20), 6), new PriceTier("Two", 900, null, 12), new PriceTier("Three", 1500, Start.AddHours(50), null)], null),
            },
            new TicketTerms(types[1], "Demand", basePrice, "EUR", quantities[1], null, null, null)
            {
                PriceRule = new PriceRule([], new DemandPricing(1500, 5000, [new(7, 2500), new(33, 3000), new(50, 4000), new(85, 5000)])),
            },
            new TicketTerms(types[2], "Fixed", basePrice, "EUR", quantities[2], null, null, null),
        ])
    {
        Codes =
        [
            new CodeTerms(codes[0], "code 0", 33, null, null, [], limits[0], null, null, null),
            new CodeTerms(codes[1], "code 1", null, 1700, [types[0], types[1]], [], limits[1], 2, null, null),
            new CodeTerms(codes[2], "code 2", 100, null, [types[2]], [], limits[2], null, null, null),
        ],
    };
}
