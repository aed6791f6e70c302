using EventFly.BuildingBlocks.Decisions;
using EventFly.Participants.Orders;
using static EventFly.Participants.Tests.Deciding;

namespace EventFly.Participants.Tests.Orders;

public sealed class OrderTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid OrderId = Guid.Parse("0d0d0d0d-0000-7000-8000-000000000001");
    private static readonly Guid EventId = Guid.Parse("e0e0e0e0-0000-7000-8000-000000000001");
    private static readonly Guid Alice = Guid.Parse("a1a1a1a1-0000-7000-8000-000000000001");
    private static readonly Guid Seat = Guid.Parse("5ea75ea7-0000-7000-8000-000000000001");
    private static readonly Guid Box = Guid.Parse("b0cb0cb0-0000-7000-8000-000000000001");
    private static readonly Guid Payment = Guid.Parse("fa1fa1fa-0000-7000-8000-000000000001");
    private static readonly Guid OtherPayment = Guid.Parse("fa1fa1fa-0000-7000-8000-000000000002");
    private static readonly Guid RefundId = Guid.Parse("4ef4ef4e-0000-7000-8000-000000000001");

    private static readonly Attendee[] Attendees = [new(Seat, " Ann ", "ann@example.org"), new(Seat, "Ben", " ben@example.org "), new(Box, "Cem", "cem@example.org")];

    [Fact]
    public void An_order_names_an_attendee_for_each_held_ticket()
    {
        var placed = Single<OrderPlaced>(Order.Initial.Place(Offer(), Attendees, Now)).Details;

        Assert.Equal(7000, placed.Amount);
        Assert.Equal(["Ann", "Ben", "Cem"], placed.Tickets.Select(ticket => ticket.AttendeeName));
        Assert.Equal("ben@example.org", placed.Tickets[1].AttendeeEmail);
        Assert.Equal([2000, 2000, 3000], placed.Tickets.Select(ticket => ticket.Price));
        Assert.Equal(3, placed.Tickets.Select(ticket => ticket.TicketId).Distinct().Count());
        Assert.Equal(Now.AddMinutes(10), placed.PayBy);
    }

    [Fact]
    public void Attendees_must_match_the_held_tickets_one_for_one()
    {
        Refused("attendees-differ", Order.Initial.Place(Offer(), Attendees[..2], Now));
        Refused("attendees-differ", Order.Initial.Place(Offer(), [.. Attendees, Attendees[0]], Now));
        Refused("attendees-differ", Order.Initial.Place(Offer(), [Attendees[0], Attendees[2], Attendees[2]], Now));
        Refused("attendees-differ", Order.Initial.Place(Offer(), [], Now));
        Refused("attendees-differ", Order.Initial.Place(Offer(), [Attendees[0], Attendees[1], Attendees[2] with { TicketTypeId = Guid.Empty }], Now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("Ann\r\nBcc: x@example.org")]
    public void A_name_that_is_none_is_refused_by_its_place(string name)
    {
        var refusal = Refused("attendee-name-invalid", Order.Initial.Place(Offer(), [Attendees[0], Attendees[1] with { Name = name }, Attendees[2]], Now));

        Assert.Equal("attendees[1].name", refusal.Field);
    }

    [Fact]
    public void A_name_may_be_long_but_not_endless()
    {
        Assert.Single(Order.Initial.Place(Offer(), [Attendees[0] with { Name = new string('x', 200) }, .. Attendees[1..]], Now).Events);
        Refused("attendee-name-invalid", Order.Initial.Place(Offer(), [Attendees[0] with { Name = new string('x', 201) }, .. Attendees[1..]], Now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ann")]
    [InlineData("@example.org")]
    [InlineData("ann@")]
    [InlineData("ann@@example.org")]
    [InlineData("ann@example.org, ben@example.org")]
    [InlineData("ann@example..org")]
    [InlineData("ann@example.org\r\nBcc: x@example.org")]
    [InlineData("Ann <ann@example.org>")]
    public void An_address_that_is_none_is_refused_by_its_place(string email)
    {
        var refusal = Refused("attendee-email-invalid", Order.Initial.Place(Offer(), [Attendees[0] with { Email = email }, .. Attendees[1..]], Now));

        Assert.Equal("attendees[0].email", refusal.Field);
    }

    [Fact]
    public void Nothing_is_ordered_from_a_hold_that_has_ended()
    {
        Refused("hold-expired", Order.Initial.Place(Offer(), Attendees, Now.AddMinutes(10)));
        Assert.Single(Order.Initial.Place(Offer(), Attendees, Now.AddMinutes(10).AddTicks(-1)).Events);
    }

    [Fact]
    public void The_same_order_again_changes_nothing_even_after_its_hold_has_ended()
    {
        var order = Placed();

        NothingHappens(order.Place(Offer(), Attendees, Now.AddHours(1)));
        NothingHappens(order.RepeatedBy(Alice, EventId, Attendees));
        Refused("order-id-taken", order.RepeatedBy(Guid.Empty, EventId, Attendees));
        Refused("order-id-taken", order.RepeatedBy(Alice, Guid.Empty, Attendees));
        Refused("order-id-taken", order.RepeatedBy(Alice, EventId, [Attendees[0] with { Name = "Eve" }, .. Attendees[1..]]));
    }

    [Fact]
    public void Ticket_ids_follow_from_the_order_so_that_placing_it_twice_makes_the_same_tickets()
    {
        Assert.Equal(
            Single<OrderPlaced>(Order.Initial.Place(Offer(), Attendees, Now)).Details.Tickets.Select(ticket => ticket.TicketId),
            Single<OrderPlaced>(Order.Initial.Place(Offer(), Attendees, Now.AddSeconds(1))).Details.Tickets.Select(ticket => ticket.TicketId));
    }

    [Fact]
    public void A_payment_of_the_right_amount_waits_for_the_sale_and_then_confirms()
    {
        var order = Placed();

        NothingHappens(order.Receive(Payment, 7000, "EUR"));
        Assert.True(order.IsOpen);
        var confirmed = After(order, order.Confirm(Payment, 7000, "EUR", Now));
        Assert.Equal((OrderStatus.Confirmed, Payment), (confirmed.Status, confirmed.PaymentId));
        NothingHappens(confirmed.Confirm(Payment, 7000, "EUR", Now));
        NothingHappens(confirmed.Receive(Payment, 7000, "EUR"));
    }

    [Theory]
    [InlineData(6999, "EUR")]
    [InlineData(7000, "CHF")]
    public void A_payment_of_another_amount_goes_back_and_leaves_the_order_open(long amount, string currency)
    {
        var order = Placed();

        Happens(
            order.Receive(Payment, amount, currency),
            new SaleRefused(Payment, "amount-differs"),
            new RefundRequested(Order.RefundIdOf(Payment), Payment, amount, currency, "sale-refused"));
        var after = After(order, order.Receive(Payment, amount, currency));
        Assert.Equal(OrderStatus.Placed, after.Status);
        NothingHappens(after.Receive(Payment, amount, currency));
    }

    [Fact]
    public void An_order_that_expired_is_confirmed_when_the_tickets_were_still_free()
    {
        var expired = After(Placed(), Placed().Expire(Now.AddMinutes(10)));

        NothingHappens(expired.Receive(Payment, 7000, "EUR"));
        Assert.Equal(OrderStatus.Confirmed, After(expired, expired.Confirm(Payment, 7000, "EUR", Now)).Status);
    }

    [Fact]
    public void A_payment_that_finds_no_tickets_goes_back_once()
    {
        var order = Placed();

        var refused = order.Refuse(Payment, 7000, "EUR", "sold-out");

        Happens(
            refused,
            new SaleRefused(Payment, "sold-out"),
            new RefundRequested(Order.RefundIdOf(Payment), Payment, 7000, "EUR", "sale-refused"));
        var after = After(order, refused);
        Assert.Equal(OrderStatus.Refused, after.Status);
        NothingHappens(after.Refuse(Payment, 7000, "EUR", "sold-out"));
        NothingHappens(after.Receive(Payment, 7000, "EUR"));
    }

    [Fact]
    public void A_second_payment_goes_back_and_the_tickets_stay()
    {
        var order = Confirmed();

        Happens(
            order.Receive(OtherPayment, 7000, "EUR"),
            new SurplusPayment(OtherPayment),
            new RefundRequested(Order.RefundIdOf(OtherPayment), OtherPayment, 7000, "EUR", "surplus-payment"));
        var after = After(order, order.Receive(OtherPayment, 7000, "EUR"));
        Assert.Equal(OrderStatus.Confirmed, after.Status);
        Assert.Equal(OrderStatus.Confirmed, After(after, after.CompleteRefund(Order.RefundIdOf(OtherPayment))).Status);
        NothingHappens(after.Receive(OtherPayment, 7000, "EUR"));
    }

    [Fact]
    public void A_payment_for_an_order_that_its_buyer_cancelled_goes_back()
    {
        var cancelled = After(Placed(), Placed().Cancel(Alice, Now));

        var received = cancelled.Receive(Payment, 7000, "EUR");

        Assert.Equal("cancelled-by-buyer", Assert.IsType<SaleRefused>(received.Events[0]).Reason);
        Assert.IsType<RefundRequested>(received.Events[1]);
        Assert.Equal(OrderStatus.Cancelled, After(cancelled, received).Status);
        NothingHappens(After(cancelled, received).Confirm(Payment, 7000, "EUR", Now));
    }

    [Fact]
    public void Only_an_unpaid_order_expires_and_exactly_when_its_time_is_over()
    {
        NothingHappens(Placed().Expire(Now.AddMinutes(10).AddTicks(-1)));
        Single<OrderExpired>(Placed().Expire(Now.AddMinutes(10)));
        NothingHappens(Confirmed().Expire(Now.AddMinutes(10)));
        NothingHappens(Order.Initial.Expire(Now));
    }

    [Fact]
    public void Only_its_buyer_cancels_an_order_and_only_before_it_is_paid()
    {
        Single<OrderCancelled>(Placed().Cancel(Alice, Now));
        NothingHappens(After(Placed(), Placed().Cancel(Alice, Now)).Cancel(Alice, Now));
        var expired = After(Placed(), Placed().Expire(Now.AddYears(1)));
        var cancelledLate = After(expired, expired.Cancel(Alice, Now.AddYears(1)));
        Assert.False(cancelledLate.IsOpen);
        Assert.Equal(OrderStatus.Cancelled, cancelledLate.Status);
        Refused("order-unknown", Placed().Cancel(Guid.Empty, Now));
        Refused("order-unknown", Order.Initial.Cancel(Alice, Now));
        Refused("order-paid", Confirmed().Cancel(Alice, Now));
    }

    [Fact]
    public void A_refund_voids_the_tickets_and_asks_for_the_money_once()
    {
        var order = Confirmed();

        var refunded = order.RefundAll(RefundId, Now);

        Happens(refunded, new TicketsVoided("requested", Now), new RefundRequested(RefundId, Payment, 7000, "EUR", "requested"));
        var pending = After(order, refunded);
        Assert.Equal((OrderStatus.RefundPending, false), (pending.Status, pending.HasTickets));
        NothingHappens(pending.RefundAll(RefundId, Now));
        Refused("already-refunded", pending.RefundAll(Guid.CreateVersion7(), Now));
        var done = After(pending, pending.CompleteRefund(RefundId));
        Assert.Equal(OrderStatus.Refunded, done.Status);
        NothingHappens(done.CompleteRefund(RefundId));
        NothingHappens(done.FailRefund(RefundId, "late"));
        Refused("already-refunded", done.RefundAll(Guid.CreateVersion7(), Now));
    }

    [Fact]
    public void A_refund_that_failed_is_tried_again_under_a_new_id()
    {
        var pending = After(Confirmed(), Confirmed().RefundAll(RefundId, Now));
        var failed = After(pending, pending.FailRefund(RefundId, "expired_or_canceled_card"));
        var again = Guid.CreateVersion7();

        Assert.Equal(OrderStatus.RefundFailed, failed.Status);
        NothingHappens(failed.FailRefund(RefundId, "expired_or_canceled_card"));
        Happens(failed.RefundAll(again, Now), new RefundRequested(again, Payment, 7000, "EUR", "requested") { Retries = RefundId });
        Refused("already-refunded", After(failed, failed.RefundAll(again, Now)).RefundAll(Guid.CreateVersion7(), Now));
    }

    [Fact]
    public void There_is_nothing_to_refund_before_the_payment()
    {
        Refused("nothing-to-refund", Placed().RefundAll(RefundId, Now));
        Refused("order-unknown", Order.Initial.RefundAll(RefundId, Now));
        Refused("refund-unknown", Confirmed().CompleteRefund(RefundId));
        Refused("refund-unknown", Confirmed().FailRefund(RefundId, "x"));
    }

    [Fact]
    public void A_free_order_is_taken_back_without_money()
    {
        var free = After(FreePlaced(), FreePlaced().ConfirmFree(Now));

        Happens(free.RefundAll(RefundId, Now), new TicketsVoided("cancelled-by-organizer", Now), new OrderCancelled("cancelled-by-organizer", Now));
        NothingHappens(After(free, free.RefundAll(RefundId, Now)).RefundAll(RefundId, Now));
    }

    [Fact]
    public void A_cancelled_event_closes_the_unpaid_and_refunds_the_paid_once()
    {
        Happens(Placed().Withdraw(Now), new OrderCancelled("event-cancelled", Now));
        Happens(
            Confirmed().Withdraw(Now),
            new TicketsVoided("event-cancelled", Now),
            new RefundRequested(Order.RefundIdOf(Payment), Payment, 7000, "EUR", "event-cancelled"));
        NothingHappens(After(Confirmed(), Confirmed().Withdraw(Now)).Withdraw(Now));
        NothingHappens(After(Placed(), Placed().Withdraw(Now)).Withdraw(Now));
        NothingHappens(Order.Initial.Withdraw(Now));
        var free = After(FreePlaced(), FreePlaced().ConfirmFree(Now));
        Happens(free.Withdraw(Now), new TicketsVoided("event-cancelled", Now), new OrderCancelled("event-cancelled", Now));
    }

    [Fact]
    public void A_free_order_whose_tickets_are_gone_is_closed()
    {
        Single<OrderExpired>(FreePlaced().RefuseFree(Now));
        NothingHappens(After(FreePlaced(), FreePlaced().ConfirmFree(Now)).RefuseFree(Now));
    }

    [Fact]
    public void A_declined_payment_is_noted_and_leaves_the_order_open()
    {
        var noted = After(Placed(), Placed().NoteFailure(Payment, "card_declined"));

        Assert.Equal(("card_declined", true), (noted.LastFailure!.Code, noted.IsOpen));
        NothingHappens(noted.NoteFailure(Payment, "card_declined"));
        NothingHappens(Confirmed().NoteFailure(OtherPayment, "card_declined"));
        Refused("order-unknown", Order.Initial.NoteFailure(Payment, "card_declined"));
    }

    private static Offer Offer(long price = 2000) => new(
        OrderId, EventId, Guid.Parse("00f00f00-0000-7000-8000-000000000001"), Alice, "Concert", Now.AddDays(30), "EUR",
        [new(Seat, "Seat", 2, price), new(Box, "Box", 1, price == 0 ? 0 : 3000)], Now.AddMinutes(10));

    private static Order Placed() => After(Order.Initial, Order.Initial.Place(Offer(), Attendees, Now));

    private static Order FreePlaced() => After(Order.Initial, Order.Initial.Place(Offer(0), Attendees, Now));

    private static Order Confirmed() => After(Placed(), Placed().Confirm(Payment, 7000, "EUR", Now));

    private static T Single<T>(Decision<OrderEvent> decided) => Assert.IsType<T>(Assert.Single(decided.Events));
}
