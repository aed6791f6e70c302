using EventFly.BuildingBlocks.Decisions;
using EventFly.Participants.Inventory;

namespace EventFly.Benchmarks;

/// <summary>Inventories of some size, made of events as they would be decided.</summary>
internal static class Inventories
{
    public static readonly DateTimeOffset Now = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly Guid EventId = new(1, 7, 7, [8, 0, 0, 0, 0, 0, 0, 1]);
    public static readonly Guid TypeId = new(2, 7, 7, [8, 0, 0, 0, 0, 0, 0, 1]);
    public static readonly WantedLine[] Line = [new(TypeId, 1)];

    private static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(10);

    public static Guid Buyer(int number) => new(number, 8, 7, [8, 0, 0, 0, 0, 0, 0, 1]);

    /// <summary>The events of so many orders, each held and sold.</summary>
    public static List<InventoryEvent> Events(int orders)
    {
        var type = new TicketTerms(TypeId, "Regular", 2_500, "EUR", 1_000_000, null, null, 10);
        var terms = new EventTerms(EventId, EventId, "Summer Night", Now.AddDays(30), Now.AddDays(31), "Old Mill", [type]);
        List<InventoryEvent> events = [];
        var state = TicketInventory.Initial;
        Happen(state.Announce(terms, 1, Now));
        for (var i = 0; i < orders; i++)
        {
            var orderId = Guid.CreateVersion7(Now.AddMilliseconds(i));
            Happen(state.Hold(orderId, Buyer(i), Line, Now, HoldTime));
            Happen(state.Sell(orderId, Now));
        }

        return events;

        void Happen(Decision<InventoryEvent> decision)
        {
            foreach (var happened in decision.Events)
            {
                state = TicketInventory.Evolve(state, happened);
                events.Add(happened);
            }
        }
    }

    public static TicketInventory Of(IEnumerable<InventoryEvent> events) => events.Aggregate(TicketInventory.Initial, TicketInventory.Evolve);
}
