using EventFly.BuildingBlocks.Decisions;
using EventFly.Participants.Inventory;
using EventFly.Participants.Orders;

namespace EventFly.Participants.Tests.Orders;

/// <summary>
/// Payments, dropped tickets, refunds and their news at the same time, each in its steps as the service takes them, in every order that a seed makes.
/// </summary>
public sealed class RacingTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid OrderId = Guid.Parse("0d0d0d0d-0000-7000-8000-000000000001");
    private static readonly Guid EventId = Guid.Parse("e0e0e0e0-0000-7000-8000-000000000001");
    private static readonly Guid Organization = Guid.Parse("00f00f00-0000-7000-8000-000000000001");
    private static readonly Guid Alice = Guid.Parse("a1a1a1a1-0000-7000-8000-000000000001");
    private static readonly Guid Seat = Guid.Parse("5ea75ea7-0000-7000-8000-000000000001");

    [Fact]
    public void What_is_sold_is_what_the_order_has_and_all_other_money_goes_back()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var world = new World();
            var tickets = world.Order.Tickets;
            var (first, second) = (Guid.Parse("fa1fa1fa-0000-7000-8000-000000000001"), Guid.Parse("fa1fa1fa-0000-7000-8000-000000000002"));
            List<IEnumerator<int>> running =
            [
                Pays(world, first, 6000).GetEnumerator(),
                Pays(world, first, 6000).GetEnumerator(),
                Drops(world, tickets[random.Next(3)].TicketId).GetEnumerator(),
            ];
            var paid = new Dictionary<Guid, long> { [first] = 6000 };
            if (random.Next(2) == 0)
            {
                running.Add(Drops(world, tickets[random.Next(3)].TicketId).GetEnumerator());
            }

            if (random.Next(3) == 0)
            {
                running.Add(Pays(world, second, 4000).GetEnumerator());
                paid[second] = 4000;
            }

            if (random.Next(3) == 0)
            {
                running.Add(Refunds(world, tickets[random.Next(3)].TicketId).GetEnumerator());
            }

            if (random.Next(5) == 0)
            {
                running.Add(Cancels(world).GetEnumerator());
            }

            while (running.Count > 0)
            {
                var next = random.Next(running.Count);
                if (!running[next].MoveNext())
                {
                    running.RemoveAt(next);
                }
            }

            // The news of each change is heard at least once after it; late news is heard again.
            world.Say(world.Order);
            var has = world.Order.HasTickets ? world.Order.Tickets.Count(ticket => !ticket.IsVoid) : 0;
            Assert.True(5 - has == world.Inventory.FreeAt(Seat, Now), $"seed {seed}: {has} tickets, {world.Inventory.FreeAt(Seat, Now)} free");
            foreach (var (payment, brought) in paid)
            {
                var back = world.Order.Refunds.Values.Where(refund => refund.PaymentId == payment).Sum(refund => refund.Amount);
                var worth = world.Order.PaymentId == payment ? world.Order.Tickets.Where(ticket => !ticket.IsVoid).Sum(ticket => ticket.Price) : 0;
                Assert.True(back + worth == brought, $"seed {seed}: {brought} came in, {back} went back, tickets are worth {worth}");
            }

            Assert.Empty(InventoryAudit.Of(world.Happened));
        }
    }

    private static IEnumerable<int> Pays(World world, Guid payment, long amount)
    {
        // An attempt asks for what the order costs when it begins.
        if (!world.Order.Asked.Contains(amount))
        {
            world.Decide(order => order.Receive(payment, amount, "EUR"));
            yield break;
        }

        var seen = world.Decide(order => order.Receive(payment, amount, "EUR"));
        yield return 1;
        if (seen.IsOpen && !seen.GivenBack.Contains(payment))
        {
            var inventory = world.DecideInventory(state => state.Sell(OrderId, Now));
            yield return 2;
            var sold = inventory.Allotments[OrderId].Status is AllotmentStatus.Sold;
            seen = world.Decide(order => !order.IsOpen ? order.Receive(payment, amount, "EUR")
                : sold ? order.Confirm(payment, amount, "EUR", Now)
                : order.Refuse(payment, amount, "EUR", "sold-out"));
            yield return 3;
        }

        if (seen is { IsOpen: false, HasTickets: false })
        {
            world.DecideInventory(state => state.Return(OrderId));
        }
    }

    private static IEnumerable<int> Drops(World world, Guid ticketId)
    {
        var seen = world.Decide(order => order.CancelTickets(Alice, [ticketId], new CancellationTerms(Now.AddDays(30), Now.AddDays(29), 0), Now));
        yield return 1;
        world.Say(seen);
        yield return 2;
        world.Say(seen);
    }

    private static IEnumerable<int> Refunds(World world, Guid ticketId)
    {
        var seen = world.Decide(order => order.RefundTickets(Guid.Parse("4ef4ef4e-0000-7000-8000-000000000001"), [ticketId], Now));
        yield return 1;
        world.Say(seen);
    }

    private static IEnumerable<int> Cancels(World world)
    {
        var seen = world.Decide(order => order.Cancel(Alice, Now));
        yield return 1;
        world.Say(seen);
    }

    private sealed class World
    {
        public World()
        {
            DecideInventory(inventory => inventory.Announce(
                new EventTerms(
                    EventId, Organization, "Concert", Now.AddDays(30), Now.AddDays(31), null, [new TicketTerms(Seat, "Seat", 2000, "EUR", 5, null, null, null)]),
                1, Now));
            DecideInventory(inventory => inventory.Hold(OrderId, Alice, [new WantedLine(Seat, 3)], Now, TimeSpan.FromMinutes(10)));
            Decide(order => order.Place(
                new Offer(OrderId, EventId, Organization, Alice, "Concert", Now.AddDays(30), "EUR", [new(Seat, "Seat", 3, 2000)], Now.AddMinutes(10)),
                [new(Seat, "Ann", "a@example.org"), new(Seat, "Ben", "a@example.org"), new(Seat, "Cem", "a@example.org")], Now));
        }

        public Order Order { get; private set; } = Order.Initial;

        public TicketInventory Inventory { get; private set; } = TicketInventory.Initial;

        public List<InventoryEvent> Happened { get; } = [];

        public Order Decide(Func<Order, Decision<OrderEvent>> decide) => Order = decide(Order).Events.Aggregate(Order, Order.Evolve);

        public TicketInventory DecideInventory(Func<TicketInventory, Decision<InventoryEvent>> decide)
        {
            var decision = decide(Inventory);
            Happened.AddRange(decision.Events);
            return Inventory = decision.Events.Aggregate(Inventory, TicketInventory.Evolve);
        }

        public void Say(Order seen) => DecideInventory(inventory => ReturnTickets.Decide(seen, inventory, Now));
    }
}
