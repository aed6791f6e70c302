using BenchmarkDotNet.Attributes;
using EventFly.BuildingBlocks.Decisions;
using EventFly.Participants.Inventory;

namespace EventFly.Benchmarks.Decisions;

/// <summary>A hold, decided and evolved, on inventories of different size: it must not grow with them.</summary>
[MemoryDiagnoser]
public class HoldDecision
{
    private TicketInventory inventory = TicketInventory.Initial;
    private int buyer = 1_000_000;

    [Params(100, 10_000, 100_000)]
    public int Orders { get; set; }

    [GlobalSetup]
    public void SetUp() => inventory = Inventories.Of(Inventories.Events(Orders));

    [Benchmark]
    public Decision<InventoryEvent> Decide() =>
        inventory.Hold(Guid.CreateVersion7(Inventories.Now), Inventories.Buyer(buyer++), Inventories.Line, Inventories.Now, TimeSpan.FromMinutes(10));

    [Benchmark]
    public TicketInventory DecideAndEvolve() => TicketInventory.Evolve(inventory, Decide().Events[0]);
}
