using EventFly.BuildingBlocks.Decisions;
using EventFly.Participants.Inventory;

namespace EventFly.Participants.Tests.Inventory;

/// <summary>An order does without some of its tickets.</summary>
public sealed class PartialReturnTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid EventId = Guid.Parse("e0e0e0e0-0000-7000-8000-000000000001");
    private static readonly Guid Organization = Guid.Parse("00f00f00-0000-7000-8000-000000000001");
    private static readonly Guid Seat = Guid.Parse("5ea75ea7-0000-7000-8000-000000000001");
    private static readonly Guid Order = Guid.Parse("0d0d0d0d-0000-7000-8000-000000000001");
    private static readonly Guid Alice = Guid.Parse("a1a1a1a1-0000-7000-8000-000000000001");

    private readonly List<InventoryEvent> happened = [];
    private TicketInventory inventory = TicketInventory.Initial;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_not_kept_is_free_before_and_after_the_sale(bool sold)
    {
        Held(3);
        if (sold)
        {
            Do(inventory.Sell(Order, Now));
        }

        Do(inventory.Keep(Order, [new TicketCount(Seat, 2000, 2)]));

        Assert.Equal(3, inventory.FreeAt(Seat, Now));
        Nothing(inventory.Keep(Order, [new TicketCount(Seat, 2000, 2)]));
        Nothing(inventory.Keep(Order, [new TicketCount(Seat, 2000, 3)]));
        Do(inventory.Keep(Order, []));
        Assert.Equal(5, inventory.FreeAt(Seat, Now));
        Assert.Empty(InventoryAudit.Of(happened));
    }

    [Fact]
    public void A_late_sale_sells_what_was_kept_only()
    {
        Held(3);
        Do(inventory.Lapse(Now.AddMinutes(10)));
        Do(inventory.Keep(Order, [new TicketCount(Seat, 2000, 1)]));
        Assert.Equal(5, inventory.FreeAt(Seat, Now.AddMinutes(10)));

        Do(inventory.Sell(Order, Now.AddMinutes(11)));

        Assert.Equal(4, inventory.FreeAt(Seat, Now.AddMinutes(11)));
        Do(inventory.Return(Order));
        Assert.Equal(5, inventory.FreeAt(Seat, Now.AddMinutes(11)));
        Nothing(inventory.Keep(Order, []));
        Assert.Empty(InventoryAudit.Of(happened));
    }

    [Fact]
    public void A_hold_that_shrank_lapses_with_what_is_left_of_it()
    {
        Held(3);
        Do(inventory.Keep(Order, [new TicketCount(Seat, 2000, 1)]));

        Assert.Equal(4, inventory.FreeAt(Seat, Now.AddMinutes(9)));
        Assert.Equal(5, inventory.FreeAt(Seat, Now.AddMinutes(10)));
        Do(inventory.Lapse(Now.AddMinutes(10)));
        Assert.Equal(5, inventory.FreeAt(Seat, Now.AddMinutes(10)));
        Assert.Empty(InventoryAudit.Of(happened));
    }

    [Fact]
    public void The_audit_says_when_more_comes_back_than_was_held()
    {
        Held(3);
        happened.Add(new TicketsReturned(Order, [new TicketCount(Seat, 2000, 4)]));

        Assert.Contains(InventoryAudit.Of(happened), violation => violation.Code == "returned-too-much");
    }

    private void Held(int quantity)
    {
        Do(inventory.Announce(
            new EventTerms(
                EventId, Organization, "Concert", Now.AddDays(30), Now.AddDays(31), null, [new TicketTerms(Seat, "Seat", 2000, "EUR", 5, null, null, null)]),
            1, Now));
        Do(inventory.Hold(Order, Alice, [new WantedLine(Seat, quantity)], Now, TimeSpan.FromMinutes(10)));
    }

    private void Do(Decision<InventoryEvent> decision)
    {
        Assert.Null(decision.Refusal);
        Assert.NotEmpty(decision.Events);
        happened.AddRange(decision.Events);
        inventory = decision.Events.Aggregate(inventory, TicketInventory.Evolve);
    }

    private static void Nothing(Decision<InventoryEvent> decision)
    {
        Assert.Null(decision.Refusal);
        Assert.Empty(decision.Events);
    }
}
