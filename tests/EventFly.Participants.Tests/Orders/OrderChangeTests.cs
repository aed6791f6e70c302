using EventFly.BuildingBlocks.Decisions;
using EventFly.Participants.Orders;
using static EventFly.Participants.Tests.Deciding;

namespace EventFly.Participants.Tests.Orders;

/// <summary>What happens to an order after it was placed: other names, fewer tickets, money back in parts.</summary>
public sealed class OrderChangeTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Start = Now.AddDays(30);
    private static readonly Guid OrderId = Guid.Parse("0d0d0d0d-0000-7000-8000-000000000001");
    private static readonly Guid EventId = Guid.Parse("e0e0e0e0-0000-7000-8000-000000000001");
    private static readonly Guid Organization = Guid.Parse("00f00f00-0000-7000-8000-000000000001");
    private static readonly Guid Alice = Guid.Parse("a1a1a1a1-0000-7000-8000-000000000001");
    private static readonly Guid Bob = Guid.Parse("b0b0b0b0-0000-7000-8000-000000000001");
    private static readonly Guid Seat = Guid.Parse("5ea75ea7-0000-7000-8000-000000000001");
    private static readonly Guid Payment = Guid.Parse("fa1fa1fa-0000-7000-8000-000000000001");
    private static readonly Guid RefundId = Guid.Parse("4ef4ef4e-0000-7000-8000-000000000001");
    private static readonly Guid OtherRefund = Guid.Parse("4ef4ef4e-0000-7000-8000-000000000002");
    private static readonly Editor Buyer = new(Alice, false);
    private static readonly Editor Organizer = new(Guid.Parse("04904900-0000-7000-8000-000000000001"), true);
    private static readonly CancellationTerms NotOffered = new(Start, null, 0);

    [Fact]
    public void A_name_is_changed_and_the_old_one_stays_in_the_history()
    {
        var order = Confirmed();

        var changed = After(order, order.NameAttendee(Id(0), " Zoe ", "zoe@example.org", Buyer, Start, Now));

        Assert.Equal(("Zoe", "zoe@example.org"), (changed.Tickets[0].AttendeeName, changed.Tickets[0].AttendeeEmail));
        Assert.Equal(("attendee-named", "Ann", Alice), (changed.Changes[0].What, changed.Changes[0].Before, changed.Changes[0].By));
        NothingHappens(changed.NameAttendee(Id(0), "Zoe", "zoe@example.org", Buyer, Start, Now));
        NothingHappens(changed.RepeatedBy(Alice, EventId, [new(Seat, "Ann", "a@example.org"), new(Seat, "Ben", "a@example.org"), new(Seat, "Cem", "a@example.org")]));
    }

    [Fact]
    public void Buyers_change_names_in_time_and_the_organiser_at_any_time()
    {
        var order = Confirmed();

        Refused("changes-closed", order.NameAttendee(Id(0), "Zoe", "zoe@example.org", Buyer, Start, Start));
        Assert.Single(order.NameAttendee(Id(0), "Zoe", "zoe@example.org", Organizer, Start, Start).Events);
        Refused("order-unknown", order.NameAttendee(Id(0), "Zoe", "zoe@example.org", new Editor(Bob, false), Start, Now));
        Refused("ticket-unknown", order.NameAttendee(Bob, "Zoe", "zoe@example.org", Buyer, Start, Now));
        Refused("attendee-email-invalid", order.NameAttendee(Id(0), "Zoe", "zoe", Buyer, Start, Now));
        Refused("order-unknown", Order.Initial.NameAttendee(Id(0), "Zoe", "zoe@example.org", Buyer, Start, Now));
        Refused("order-closed", After(Placed(), Placed().Cancel(Alice, Now)).NameAttendee(Id(0), "Zoe", "zoe@example.org", Buyer, Start, Now));
        Refused("ticket-void", After(order, order.RefundTickets(RefundId, [Id(0)], Now)).NameAttendee(Id(0), "Zoe", "zoe@example.org", Organizer, Start, Now));
    }

    [Fact]
    public void What_was_handed_over_is_changed_by_its_holder_and_no_more_by_its_buyer()
    {
        var order = Confirmed();
        var handedOver = After(order, order.HandOver(Id(0), Bob, "Bob", "bob@example.org", [], 1, Now));

        Refused("ticket-transferred", handedOver.NameAttendee(Id(0), "Zoe", "zoe@example.org", Buyer, Start, Now));
        Refused("order-unknown", handedOver.NameAttendee(Id(1), "Zoe", "zoe@example.org", new Editor(Bob, false), Start, Now));
        Assert.Single(handedOver.NameAttendee(Id(0), "Robert", "bob@example.org", new Editor(Bob, false), Start, Now).Events);
        NothingHappens(handedOver.HandOver(Id(0), Alice, "Alice", "alice@example.org", [], 1, Now));
        Refused("ticket-transferred", handedOver.CancelTickets(Alice, [Id(0)], new CancellationTerms(Start, Start, 0), Now));
        Assert.Equal([("order", 2000L)], Money(handedOver.RefundTickets(RefundId, [Id(0)], Now)));
    }

    [Fact]
    public void Dropping_a_ticket_before_the_payment_lowers_what_is_to_be_paid()
    {
        var dropped = After(Placed(), Placed().CancelTickets(Alice, [Id(1)], NotOffered, Now));

        Assert.Equal((4000, 2), (dropped.Amount, dropped.Tickets.Count));
        NothingHappens(dropped.CancelTickets(Alice, [Id(1)], NotOffered, Now));
        Refused("ticket-unknown", dropped.CancelTickets(Alice, [Bob], NotOffered, Now));
        Refused("order-unknown", dropped.CancelTickets(Bob, [Id(0)], NotOffered, Now));
        Assert.IsType<OrderCancelled>(Assert.Single(dropped.CancelTickets(Alice, [Id(0), Id(1), Id(2)], NotOffered, Now).Events));
        NothingHappens(dropped.Receive(Payment, 4000, "EUR"));
    }

    [Fact]
    public void A_payment_that_was_under_way_gets_the_tickets_that_are_left_and_the_difference_back()
    {
        var dropped = After(Placed(), Placed().CancelTickets(Alice, [Id(1)], NotOffered, Now));

        NothingHappens(dropped.Receive(Payment, 6000, "EUR"));
        var confirmed = After(dropped, dropped.Confirm(Payment, 6000, "EUR", Now));

        Assert.Equal((OrderStatus.Confirmed, 6000), (confirmed.Status, confirmed.Received));
        Assert.Equal(2000, Assert.Single(confirmed.Refunds.Values).Amount);
        NothingHappens(confirmed.Confirm(Payment, 6000, "EUR", Now));
        Assert.Equal(4000, confirmed.Refundable);
        var completed = After(confirmed, confirmed.CompleteRefund(confirmed.Refunds.Keys.Single()));
        Assert.Equal(OrderStatus.Confirmed, completed.Status);
        Assert.Equal([("order", 4000L)], Money(completed.RefundAll(RefundId, Now)));
    }

    [Theory]
    [InlineData(5000)]
    [InlineData(6001)]
    public void A_payment_of_an_amount_that_was_never_asked_for_goes_back(long amount)
    {
        var dropped = After(Placed(), Placed().CancelTickets(Alice, [Id(1)], NotOffered, Now));

        var received = dropped.Receive(Payment, amount, "EUR");

        Assert.Equal(amount, Assert.IsType<RefundRequested>(received.Events[1]).Amount);
        Assert.True(After(dropped, received).IsOpen);
        Assert.Equal(2, dropped.Confirm(Payment, amount, "EUR", Now).Events.Count);
    }

    [Fact]
    public void Chosen_tickets_go_back_with_their_price_until_all_are_gone()
    {
        var order = Confirmed();

        var one = After(order, order.RefundTickets(RefundId, [Id(0)], Now));
        Assert.Equal((OrderStatus.PartiallyRefunded, true, 4000), (one.Status, one.HasTickets, one.Refundable));
        Assert.True(one.Tickets[0].IsVoid && !one.Tickets[1].IsVoid);
        NothingHappens(one.RefundTickets(RefundId, [Id(0)], Now));
        Refused("refund-id-taken", one.RefundTickets(RefundId, [Id(1)], Now));

        Guid[] every = [.. order.Tickets.Select(ticket => ticket.TicketId)];
        NothingHappens(After(order, order.RefundTickets(RefundId, every, Now)).RefundTickets(RefundId, every, Now));
        Refused("ticket-void", one.RefundTickets(OtherRefund, [Id(0)], Now));
        Refused("ticket-unknown", one.RefundTickets(OtherRefund, [Bob], Now));

        var all = After(one, one.RefundTickets(OtherRefund, [Id(1), Id(2), Id(2)], Now));
        Assert.Equal((OrderStatus.RefundPending, false, 0), (all.Status, all.HasTickets, all.Refundable));
        Refused("already-refunded", all.RefundAll(Guid.CreateVersion7(), Now));
        var done = After(After(all, all.CompleteRefund(RefundId)), all.CompleteRefund(OtherRefund));
        Assert.Equal(OrderStatus.Refunded, done.Status);
    }

    [Fact]
    public void A_goodwill_amount_leaves_the_tickets_alone_and_is_bounded_by_what_is_left()
    {
        var order = Confirmed();

        var goodwill = After(order, order.RefundAmount(RefundId, 1500));
        Assert.Equal((OrderStatus.PartiallyRefunded, 4500), (goodwill.Status, goodwill.Refundable));
        Assert.True(goodwill.Tickets.TrueForAll(ticket => !ticket.IsVoid));
        NothingHappens(goodwill.RefundAmount(RefundId, 1500));
        Refused("refund-id-taken", goodwill.RefundAmount(RefundId, 1600));
        Refused("refund-exceeds-rest", goodwill.RefundAmount(OtherRefund, 4501));
        Refused("amount-invalid", goodwill.RefundAmount(OtherRefund, 0));
        Assert.Equal([("order", 4500L)], Money(goodwill.RefundAll(OtherRefund, Now)));
        Assert.Equal([("order", 4500L)], Money(goodwill.RefundTickets(OtherRefund, [Id(0), Id(1), Id(2)], Now)));
        Assert.Equal([("order", 4500L)], Money(goodwill.Withdraw(Now)));
    }

    [Fact]
    public void A_partial_refund_that_failed_is_tried_again_once()
    {
        var order = Confirmed();
        var one = After(order, order.RefundTickets(RefundId, [Id(0)], Now));
        var failed = After(one, one.FailRefund(RefundId, "expired_or_canceled_card"));

        Assert.Equal((OrderStatus.RefundFailed, true), (failed.Status, failed.HasTickets));
        Refused("refund-not-failed", one.RetryRefund(OtherRefund, RefundId));
        Refused("refund-unknown", failed.RetryRefund(OtherRefund, Guid.CreateVersion7()));
        var again = After(failed, failed.RetryRefund(OtherRefund, RefundId));
        Assert.Equal(OrderStatus.PartiallyRefunded, again.Status);
        NothingHappens(again.RetryRefund(OtherRefund, RefundId));
        Refused("refund-not-failed", again.RetryRefund(Guid.CreateVersion7(), RefundId));
        Assert.Equal(4000, again.Refundable);
        // Everything that is left, what failed included, in one go.
        Assert.Equal([("order", 6000L)], Money(failed.RefundAll(OtherRefund, Now)));
    }

    [Fact]
    public void Free_tickets_are_taken_back_one_by_one_without_money()
    {
        var free = After(Placed(price: 0), Placed(price: 0).ConfirmFree(Now));

        var one = After(free, free.RefundTickets(RefundId, [Id(0)], Now));
        Assert.Equal(OrderStatus.Confirmed, one.Status);
        NothingHappens(one.RefundTickets(RefundId, [Id(0)], Now));
        var none = After(one, one.CancelTickets(Alice, [Id(1), Id(2)], NotOffered, Now));
        Assert.Equal((OrderStatus.Cancelled, false), (none.Status, none.HasTickets));
        Assert.Empty(none.Refunds);
        Refused("cancellation-closed", one.CancelTickets(Alice, [Id(1)], NotOffered, Start));
    }

    [Fact]
    public void Buyers_give_paid_tickets_back_by_the_terms_of_the_organiser()
    {
        var order = Confirmed();
        var terms = new CancellationTerms(Start, Start.AddHours(-48), 10);

        Refused("order-paid", order.CancelTickets(Alice, [Id(0)], NotOffered, Now));
        Refused("cancellation-closed", order.CancelTickets(Alice, [Id(0)], terms, Start.AddHours(-48)));
        Assert.Equal([("order", 1800L)], Money(order.CancelTickets(Alice, [Id(0)], terms, Start.AddHours(-48).AddTicks(-1))));
        Assert.Equal([("order", 0L)], Money(order.CancelTickets(Alice, [Id(0)], terms with { FeePercent = 100 }, Now)));
        var one = After(order, order.CancelTickets(Alice, [Id(0)], terms, Now));
        NothingHappens(one.CancelTickets(Alice, [Id(0)], terms, Now));
        Assert.Equal(OrderStatus.PartiallyRefunded, one.Status);
        Assert.Equal(OrderStatus.Cancelled, After(order, order.CancelTickets(Alice, [Id(0), Id(1), Id(2)], terms with { FeePercent = 100 }, Now)).Status);
    }

    /// <summary>
    /// Thousands of orders, each with a random row of everything that may happen to it, in any order and repeatedly. Of no payment goes more back than it
    /// brought, whatever failed in between; and an order that brought money and has no tickets has given all of it back, or says why not.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Never_more_goes_back_than_came_in(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 1_000; round++)
        {
            var order = Placed();
            var paid = new Dictionary<Guid, long>();
            var log = new List<string>();
            for (var step = 0; step < 25; step++)
            {
                var decision = Step(random, order, paid, log);
                var before = order;
                order = decision.Events.Aggregate(order, Order.Evolve);
                foreach (var (payment, brought) in paid)
                {
                    var back = order.Refunds.Values.Where(refund => refund.PaymentId == payment && refund.Status is not RefundStatus.Failed).Sum(refund => refund.Amount);
                    Assert.True(back <= brought, $"{back} of {brought} went back in round {round}: {string.Join(", ", log)}");
                }

                Assert.True(order.Refundable >= 0 && order.Amount >= 0, string.Join(", ", log));
                Assert.True(order.Revision == before.Revision + decision.Events.Count);
                Assert.True(order.Tickets.TrueForAll(now => before.Tickets.Find(then => then.TicketId == now.TicketId) is not { IsVoid: true } || now.IsVoid), "a void ticket came back to life");
            }

            // Every payment bought the tickets, or is on its way back as a whole.
            foreach (var (payment, brought) in paid)
            {
                Assert.True(
                    order.PaymentId == payment || order.Refunds.Values.Any(refund => refund.PaymentId == payment && refund.Amount == brought),
                    $"{brought} bought nothing and stayed in round {round}: {string.Join(", ", log)}");
            }
        }
    }

    private static Decision<OrderEvent> Step(Random random, Order order, Dictionary<Guid, long> paid, List<string> log)
    {
        Guid Ticket() => order.Details!.Tickets[random.Next(3)].TicketId;
        Guid Refund() => order.Refunds.IsEmpty || random.Next(3) == 0 ? Numbered(random.Next(1, 40)) : order.Refunds.Keys.Order().ElementAt(random.Next(order.Refunds.Count));
        Guid Paid(long amount)
        {
            var payment = random.Next(3) == 0 && paid.Count > 0 ? paid.Keys.Order().ElementAt(random.Next(paid.Count)) : Guid.Parse($"fa1fa1fa-0000-7000-8000-{paid.Count + 1:d12}");
            paid.TryAdd(payment, amount);
            return payment;
        }

        var what = random.Next(11);
        log.Add(what.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var terms = new CancellationTerms(Start, random.Next(2) == 0 ? null : Start, random.Next(0, 101));
        switch (what)
        {
            case 0:
                var payment = Paid(order.Asked[random.Next(order.Asked.Count)]);
                var received = order.Receive(payment, paid[payment], "EUR");
                return received.Events.Count > 0 || !order.IsOpen ? received
                    : random.Next(4) == 0 ? order.Refuse(payment, paid[payment], "EUR", "sold-out")
                    : order.Confirm(payment, paid[payment], "EUR", Now);
            case 1:
                return order.CancelTickets(Alice, [Ticket()], terms, Now);
            case 2:
                return random.Next(4) == 0 ? order.Expire(Now.AddHours(1)) : order.ConfirmFree(Now);
            case 3:
                return order.RefundTickets(Refund(), [Ticket(), Ticket()], Now);
            case 4:
                return order.RefundAmount(Refund(), random.Next(1, 3000));
            case 5:
                return random.Next(3) == 0 ? order.RefundAll(Refund(), Now) : Decision.Nothing;
            case 6:
                return order.RetryRefund(Refund(), Refund());
            case 7:
                // What the processor said failed, it does not say went through later.
                return Refund() is var completed && order.Refunds.GetValueOrDefault(completed)?.Status is RefundStatus.Failed ? Decision.Nothing : order.CompleteRefund(completed);
            case 8 or 9:
                return order.FailRefund(Refund(), "failed");
            default:
                return random.Next(10) == 0 ? order.Withdraw(Now) : order.HandOver(Ticket(), Bob, "Bob", "bob@example.org", [], random.Next(1, 3), Now);
        }
    }

    private static Guid Numbered(int number) => Guid.Parse($"4ef4ef4e-0000-7000-8000-{number:d12}");

    private static Guid Id(int number) => Placed().Tickets[number].TicketId;

    private static Offer Offer(long price) =>
        new(OrderId, EventId, Organization, Alice, "Concert", Start, "EUR", [new(Seat, "Seat", 3, price)], Now.AddMinutes(10));

    private static Order Placed(long price = 2000) => After(Order.Initial, Order.Initial.Place(
        Offer(price), [new(Seat, "Ann", "a@example.org"), new(Seat, "Ben", "a@example.org"), new(Seat, "Cem", "a@example.org")], Now));

    private static Order Confirmed() => After(Placed(), Placed().Confirm(Payment, 6000, "EUR", Now));

    private static (string, long)[] Money(Decision<OrderEvent> decided)
    {
        Assert.Null(decided.Refusal);
        return [("order", decided.Events.OfType<RefundRequested>().Sum(refund => refund.Amount))];
    }
}
