using System.Diagnostics.CodeAnalysis;
using EventFly.BuildingBlocks.Decisions;
using EventFly.Participants.Inventory;
using EventFly.Testing;

namespace EventFly.Participants.Tests.Inventory;

[SuppressMessage("Security", "CA5394", Justification = "The same numbers each time.")]
public sealed class InventorySnapshotTests
{
    private static readonly DateTimeOffset Noon = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_snapshot_is_the_state_that_the_events_built_and_goes_on_like_it(int seed)
    {
        var random = new Random(seed);
        var types = Enumerable.Range(1, 3).Select(i => new TicketTerms(
            Id(i), $"Type {i}", i * 1000, "EUR", 900, null, Noon.AddDays(9), i == 3 ? 12 : null)
        {
            QuotaIds = i < 3 ? [Id(50)] : [],
            PriceRule = i == 1 ? new PriceRule([new PriceTier("Early", 500, null, 100)], null) : i == 2 ? new PriceRule([], new DemandPricing(1000, 4000, [new(20, 3000)])) : null,
        }).ToArray();
        var terms = new EventTerms(Id(0), Id(99), "Summer Night", Noon.AddDays(10), Noon.AddDays(11), null, types) { Quotas = [new QuotaTerms(Id(50), "Room", 1_500)], Codes = [new CodeTerms(Id(60), "code", 10, null, [Id(1)], [], 200, 20, null, null)] };
        var buyers = Enumerable.Range(0, 40).Select(i => Id(1_000 + i)).ToArray();
        List<Guid> orders = [];
        var form = InventoryStream.Definition.Snapshots!;
        var (evolved, loaded) = (TicketInventory.Initial, TicketInventory.Initial);
        Happen(state => state.Announce(terms, 1, Noon));

        for (var step = 0; step < 3_000; step++)
        {
            var now = Noon.AddSeconds(step);
            var order = orders.Count > 0 ? orders[random.Next(orders.Count)] : Guid.Empty;
            var (buyer, type, quantity, fresh) = (buyers[random.Next(buyers.Length)], types[random.Next(3)], random.Next(1, 4), Id(10_000 + random.Next()));
            switch (random.Next(10))
            {
                case < 5:
                    orders.Add(fresh);
                    Happen(state => state.Hold(fresh, buyer, [new(type.TicketTypeId, quantity), .. type == types[0] ? [new WantedLine(Id(2), 1)] : Array.Empty<WantedLine>()], now, TimeSpan.FromMinutes(5), type == types[0] && quantity == 1 ? "code" : null));
                    break;
                case < 8:
                    Happen(state => state.Sell(order, now));
                    break;
                case 8:
                    Happen(state => state.Allotments.TryGetValue(order, out var known) ? state.Release(order, known.BuyerId, now) : Decision.Nothing);
                    break;
                default:
                    Happen(state => random.Next(4) == 0 ? state.Return(order) : state.Lapse(now));
                    break;
            }

            if (step % 300 == 299)
            {
                Happen(state => state.Announce(terms with { Name = $"Night {step}", TicketTypes = step % 600 == 299 ? types[..2] : types }, 2 + step, now));
                Assert.Equal(Described.InFull(evolved), Described.InFull(form.Read(form.Write(evolved))));
                loaded = form.Read(form.Write(loaded));
            }
        }

        Happen(state => state.Close("storm"));
        Happen(state => state.Withdraw());
        loaded = form.Read(form.Write(loaded));
        Assert.Equal(Described.InFull(evolved), Described.InFull(loaded));
        Assert.NotEmpty(loaded.ToWithdraw);
        Assert.Equal(Enum.GetValues<AllotmentStatus>(), loaded.Allotments.Select(pair => pair.Value.Status).Distinct().Order());

        // One state is built by events alone, the other passes through a snapshot now and then.
        void Happen(Func<TicketInventory, Decision<InventoryEvent>> decide)
        {
            var decision = decide(evolved);
            foreach (var happened in decision.Events)
            {
                evolved = TicketInventory.Evolve(evolved, happened);
                loaded = TicketInventory.Evolve(loaded, happened);
            }
        }
    }

    private static Guid Id(int number) => new(number, 7, 7, [8, 0, 0, 0, 0, 0, 0, 1]);
}
