using EventFly.Participants.Inventory;

namespace EventFly.Participants.Tests.Inventory;

/// <summary>A checker that reports nothing whatever it is given would be worth nothing.</summary>
public sealed class InventoryAuditTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Seat = Guid.Parse("5ea75ea7-0000-7000-8000-000000000001");
    private static readonly Guid Box = Guid.Parse("b0cb0cb0-0000-7000-8000-000000000001");
    private static readonly Guid Hall = Guid.Parse("4a114a11-0000-7000-8000-000000000001");
    private static readonly Guid Alice = Guid.CreateVersion7();

    [Fact]
    public void A_sound_history_has_no_violation()
    {
        var (one, two) = (Held(Seat, 2), Held(Box, 1));

        Assert.Empty(InventoryAudit.Of([
            Opened(seats: 2, boxes: 1, hall: 3), one, two, new TicketsSold(one.OrderId), new HoldReleased(two.OrderId), Held(Box, 1), new HoldsLapsed(Now.AddHours(1)),
            new TicketsSold(two.OrderId), new SaleReturned(one.OrderId), Held(Seat, 2), new SaleRefused(Guid.CreateVersion7(), "never-held")]));
    }

    [Fact]
    public void One_ticket_too_many_is_reported_at_its_version() => Reports(
        [Opened(seats: 2, boxes: 1, hall: 9), Held(Seat, 2), Held(Seat, 1)], (3, "oversold", Seat));

    [Fact]
    public void A_full_quota_is_reported_though_the_types_have_room() => Reports(
        [Opened(seats: 5, boxes: 5, hall: 3), Held(Seat, 2), Held(Box, 2)], (3, "oversold", Hall));

    [Fact]
    public void A_late_sale_of_tickets_that_others_have_is_reported()
    {
        var late = Held(Seat, 2);

        Reports([Opened(seats: 2, boxes: 1, hall: 9), late, new HoldsLapsed(late.Until), Held(Seat, 1), new TicketsSold(late.OrderId)], (5, "oversold", Seat));
    }

    [Fact]
    public void A_hold_counts_until_its_lapse_is_written() => Reports(
        [Opened(seats: 2, boxes: 1, hall: 9), Held(Seat, 2), new HoldsLapsed(Now), Held(Seat, 1)], (4, "oversold", Seat));

    [Fact]
    public void What_was_lowered_below_what_is_taken_is_no_violation_until_more_is_taken() => Reports(
        [Opened(seats: 5, boxes: 5, hall: 9), Held(Seat, 3), new TermsChanged(Opened(seats: 1, boxes: 5, hall: 2).Terms, 2), Held(Box, 1)], (4, "oversold", Hall));

    [Fact]
    public void A_buyer_beyond_the_limit_is_reported() => Reports(
        [Opened(seats: 9, boxes: 1, hall: 9, limit: 3), Held(Seat, 2, Alice), Held(Seat, 2, Guid.CreateVersion7()), Held(Seat, 2, Alice)], (4, "per-buyer-limit", Seat));

    [Fact]
    public void Sales_that_cannot_be_are_reported()
    {
        var order = Held(Seat, 1);

        Reports([Opened(seats: 9, boxes: 1, hall: 9), new TicketsSold(order.OrderId)], (2, "order-unknown", order.OrderId));
        Reports([Opened(seats: 9, boxes: 1, hall: 9), order, new TicketsSold(order.OrderId), new TicketsSold(order.OrderId)], (4, "order-out-of-turn", order.OrderId));
        Reports([Opened(seats: 9, boxes: 1, hall: 9), order, order], (3, "order-held-twice", order.OrderId));
        Reports([Opened(seats: 9, boxes: 1, hall: 9), new InventoryClosed("storm"), order], (3, "closed", order.OrderId));
    }

    [Fact]
    public void Each_event_that_is_stored_is_known_to_the_audit()
    {
        Assert.Equal("event-unknown", Assert.Single(InventoryAudit.Of([new Unheard()])).Code);
        var stored = typeof(InventoryEvent).Assembly.GetTypes().Where(type => type.BaseType == typeof(InventoryEvent)).ToArray();
        Assert.True(stored.Length >= 10);
        Assert.All(stored, type => Assert.DoesNotContain(
            InventoryAudit.Of([(InventoryEvent)Example(type)]), violation => violation.Code == "event-unknown"));
    }

    private static object Example(Type type) => type.GetConstructors()[0].Invoke(
        [.. type.GetConstructors()[0].GetParameters().Select(parameter => parameter.ParameterType switch
        {
            var terms when terms == typeof(EventTerms) => Opened(1, 1, 1).Terms,
            var text when text == typeof(string) => "",
            var list when list.IsGenericType && list.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) => Array.CreateInstance(list.GenericTypeArguments[0], 0),
            var value => value.IsValueType ? Activator.CreateInstance(value) : null,
        })]);

    private static void Reports(IReadOnlyList<InventoryEvent> events, (long Version, string Code, Guid Id) expected)
    {
        var violation = Assert.Single(InventoryAudit.Of(events));
        Assert.Equal(expected, (violation.Version, violation.Code, violation.Id));
    }

    private static TicketsHeld Held(Guid type, int quantity, Guid? buyer = null) =>
        new(Guid.CreateVersion7(), buyer ?? Guid.CreateVersion7(), "EUR", [new HeldLine(type, "Ticket", quantity, 1000)], Now.AddMinutes(10));

    private static SalesOpened Opened(int seats, int boxes, int hall, int? limit = null) => new(
        new EventTerms(
            Guid.Empty, Guid.Empty, "Concert", Now.AddDays(1), Now.AddDays(2), null,
            [
                new TicketTerms(Seat, "Seat", 1000, "EUR", seats, null, null, limit) { QuotaIds = [Hall] },
                new TicketTerms(Box, "Box", 1000, "EUR", boxes, null, null, null) { QuotaIds = [Hall] },
            ])
        {
            Quotas = [new QuotaTerms(Hall, "Hall", hall)],
        },
        1);

    private sealed record Unheard : InventoryEvent;
}
