using System.Text.Json;
using EventFly.Contracts.Participants;
using EventFly.Contracts.Payments;
using static EventFly.Participants.Tests.ParticipantsApp;

namespace EventFly.Participants.Tests.Orders;

public sealed class PurchaseTests(ParticipantsApp app) : IClassFixture<ParticipantsApp>
{
    [Fact]
    public async Task A_paid_order_is_confirmed_and_its_tickets_are_there()
    {
        var type = Type(quantity: 5);
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());
        var orderId = await Ordered(buyer, eventId, type, "Ann", "Ben");
        var placed = await app.Bus.Expect<OrderPlaced>(order => order.OrderId == orderId);

        var payment = await app.Pay(orderId, eventId, 5000);

        Assert.Equal((5000, "EUR", app.Organization), (placed.Amount, placed.Currency, placed.OrganizationId));
        var confirmed = await app.Bus.Expect<OrderConfirmed>(order => order.OrderId == orderId);
        Assert.Equal(payment, confirmed.PaymentId);
        Assert.Equal(["Ann", "Ben"], confirmed.Tickets.Select(ticket => ticket.AttendeeName));
        Assert.Equal("confirmed", (await OrderOf(buyer, orderId)).Text("status"));
        Assert.Equal(2, (await (await buyer.GetAsync("/api/participants/tickets")).Ok()).Items().Length);
        Assert.Equal(3, await app.Free(eventId));
    }

    [Fact]
    public async Task A_free_order_is_complete_in_the_request_that_places_it()
    {
        var type = Type(quantity: 5, price: 0);
        var (eventId, orderId, buyer) = (await app.OnSale(type), Guid.CreateVersion7(), app.Buyer());
        await (await Hold(buyer, eventId, orderId, (type, 1))).Ok();

        var order = await (await Place(buyer, eventId, orderId, (type, "Ann"))).Ok();

        Assert.Equal(("confirmed", 0), (order.Text("status"), order.GetProperty("amount").GetInt64()));
        await app.Quiet();
        Assert.Single((await (await buyer.GetAsync("/api/participants/tickets")).Ok()).Items());
        app.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(4, await app.Free(eventId));
    }

    [Fact]
    public async Task Placing_an_order_again_changes_nothing()
    {
        var type = Type();
        var (eventId, orderId, buyer) = (await app.OnSale(type), Guid.CreateVersion7(), app.Buyer());
        await (await Hold(buyer, eventId, orderId, (type, 1))).Ok();

        var first = await (await Place(buyer, eventId, orderId, (type, "Ann"))).Ok();
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await (await Place(buyer, eventId, orderId, (type, "Ann"))).Ok();

        Assert.Equal(first.ToString(), second.ToString());
        await (await Place(buyer, eventId, orderId, (type, "Eve"))).Refused(409, "order-id-taken");
        await (await Place(app.Buyer(), eventId, orderId, (type, "Ann"))).Refused(409, "order-id-taken");
        await app.Quiet();
        Assert.Single(app.Bus.Messages<OrderPlaced>(), order => order.OrderId == orderId);
    }

    [Fact]
    public async Task Only_what_the_caller_holds_can_be_ordered()
    {
        var type = Type();
        var (eventId, orderId, buyerId) = (await app.OnSale(type), Guid.CreateVersion7(), Guid.CreateVersion7());
        var buyer = app.Buyer(buyerId);

        await (await Place(buyer, eventId, orderId, (type, "Ann"))).Refused(404, "hold-unknown");
        await (await Hold(buyer, eventId, orderId, (type, 2))).Ok();
        await (await Place(app.Buyer(), eventId, orderId, (type, "Ann"), (type, "Ben"))).Refused(404, "hold-unknown");
        await (await Place(buyer, eventId, orderId, (type, "Ann"))).Refused(422, "attendees-differ");
        await (await Place(buyer, eventId, orderId, (type, "Ann"), (type, " "))).Refused(400, "attendee-name-invalid");
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        await (await Place(app.Buyer(buyerId), eventId, orderId, (type, "Ann"), (type, "Ben"))).Refused(409, "hold-expired");
    }

    [Fact]
    public async Task A_payment_that_comes_late_gets_the_tickets_while_they_are_free()
    {
        var type = Type(quantity: 1);
        var (eventId, buyerId) = (await app.OnSale(type), Guid.CreateVersion7());
        var orderId = await Ordered(app.Buyer(buyerId), eventId, type, "Ann");
        await app.Quiet();
        app.Clock.Advance(TimeSpan.FromMinutes(11));
        await app.Bus.Expect<OrderClosed>(order => order.OrderId == orderId && order.Reason == "expired");

        await app.Pay(orderId, eventId, 2500);

        Assert.Equal("confirmed", (await OrderOf(app.Buyer(buyerId), orderId)).Text("status"));
        Assert.Equal(0, await app.Free(eventId));
    }

    [Fact]
    public async Task A_payment_that_comes_too_late_goes_back_exactly_once()
    {
        var type = Type(quantity: 1);
        var (eventId, buyerId) = (await app.OnSale(type), Guid.CreateVersion7());
        var orderId = await Ordered(app.Buyer(buyerId), eventId, type, "Ann");
        app.Clock.Advance(TimeSpan.FromMinutes(11));
        await (await Hold(app.Buyer(), eventId, Guid.CreateVersion7(), (type, 1))).Ok();

        var payment = await app.Pay(orderId, eventId, 2500);
        await app.Pay(orderId, eventId, 2500, payment);
        await app.Pay(orderId, eventId, 2500, payment);

        Assert.Equal("refused", (await OrderOf(app.Buyer(buyerId), orderId)).Text("status"));
        var refund = Assert.Single(app.Bus.Messages<RefundRequested>(), refund => refund.OrderId == orderId);
        Assert.Equal((payment, 2500, "sale-refused"), (refund.PaymentId, refund.Amount, refund.Reason));
        await app.Bus.Say(new RefundSucceeded(refund.RefundId, payment, orderId, 2500, "EUR"), refund.RefundId.ToString());
        Assert.Equal("completed", (await OrderOf(app.Buyer(buyerId), orderId)).GetProperty("refunds")[0].Text("status"));
    }

    [Fact]
    public async Task A_payment_heard_many_times_sells_once_and_a_second_one_goes_back()
    {
        var type = Type(quantity: 5);
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());
        var orderId = await Ordered(buyer, eventId, type, "Ann");

        var payment = await app.Pay(orderId, eventId, 2500);
        await app.Pay(orderId, eventId, 2500, payment);
        var second = await app.Pay(orderId, eventId, 2500);
        await app.Pay(orderId, eventId, 2500, second);

        Assert.Equal(4, await app.Free(eventId));
        Assert.Single(app.Bus.Messages<OrderConfirmed>(), order => order.OrderId == orderId);
        var refund = Assert.Single(app.Bus.Messages<RefundRequested>(), refund => refund.OrderId == orderId);
        Assert.Equal((second, "surplus-payment"), (refund.PaymentId, refund.Reason));
        Assert.Equal("confirmed", (await OrderOf(buyer, orderId)).Text("status"));
    }

    [Fact]
    public async Task A_declined_payment_leaves_the_order_open_for_another()
    {
        var type = Type();
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());
        var orderId = await Ordered(buyer, eventId, type, "Ann");

        await app.Bus.Say(new PaymentFailed(Guid.CreateVersion7(), orderId, "insufficient_funds"), Guid.CreateVersion7().ToString());
        var declined = await OrderOf(buyer, orderId);
        await app.Pay(orderId, eventId, 2500);

        Assert.Equal(("placed", "insufficient_funds"), (declined.Text("status"), declined.Text("paymentFailure")));
        Assert.Equal("confirmed", (await OrderOf(buyer, orderId)).Text("status"));
    }

    [Fact]
    public async Task An_unpaid_order_expires_by_the_sweep()
    {
        var type = Type(quantity: 1);
        var (eventId, buyerId) = (await app.OnSale(type), Guid.CreateVersion7());
        var orderId = await Ordered(app.Buyer(buyerId), eventId, type, "Ann");
        await app.Quiet();

        app.Clock.Advance(TimeSpan.FromMinutes(10).Add(TimeSpan.FromSeconds(10)));

        await app.Bus.Expect<OrderClosed>(order => order.OrderId == orderId && order.Reason == "expired");
        await app.Quiet();
        Assert.Equal("expired", (await OrderOf(app.Buyer(buyerId), orderId)).Text("status"));
        var line = Assert.Single((await (await app.Buyer(buyerId).GetAsync("/api/participants/orders")).Ok()).Items());
        Assert.Equal("expired", line.Text("status"));
        Assert.Equal(1, await app.Free(eventId));
    }

    [Fact]
    public async Task A_buyer_who_cancels_gives_the_tickets_back_at_once_and_money_that_comes_later_goes_back()
    {
        var type = Type(quantity: 1);
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());
        var orderId = await Ordered(buyer, eventId, type, "Ann");
        var path = $"/api/participants/orders/{orderId}/cancellation";

        await (await app.Buyer().PostAsync(path, null)).Refused(404, "order-unknown");
        Assert.Equal("cancelled", (await (await buyer.PostAsync(path, null)).Ok()).Text("status"));
        Assert.Equal("cancelled", (await (await buyer.PostAsync(path, null)).Ok()).Text("status"));
        Assert.Equal(1, await app.Free(eventId));
        var payment = await app.Pay(orderId, eventId, 2500);

        Assert.Equal(1, await app.Free(eventId));
        Assert.Single(app.Bus.Messages<OrderClosed>(), order => order.OrderId == orderId);
        Assert.Equal(payment, Assert.Single(app.Bus.Messages<RefundRequested>(), refund => refund.OrderId == orderId).PaymentId);
    }

    [Fact]
    public async Task An_organiser_refunds_once_and_the_stock_comes_back()
    {
        var type = Type(quantity: 2);
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());
        var (orderId, tickets) = await app.Bought(buyer, eventId, type, "Ann", "Ben");
        var refundId = Guid.CreateVersion7();
        var path = $"/api/participants/orders/{orderId}/refunds/{refundId}";
        Assert.Equal((2, 0), (tickets.Length, await app.Free(eventId)));

        await (await buyer.PutAsync(path, null)).Refused(403, "forbidden");
        await (await app.Organizer("order.read").PutAsync(path, null)).Refused(403, "forbidden");
        await (await app.Stranger().PutAsync(path, null)).Refused(404, "order-unknown");
        Assert.Equal("refundPending", (await (await app.Organizer().PutAsync(path, null)).Ok()).Text("status"));
        await (await app.Organizer().PutAsync(path, null)).Ok();
        await (await app.Organizer().PutAsync($"/api/participants/orders/{orderId}/refunds/{Guid.CreateVersion7()}", null)).Refused(409, "already-refunded");
        await app.Quiet();

        Assert.Equal(2, await app.Free(eventId));
        var refund = Assert.Single(app.Bus.Messages<RefundRequested>(), refund => refund.OrderId == orderId);
        Assert.Equal((refundId, 5000, "requested"), (refund.RefundId, refund.Amount, refund.Reason));
        Assert.All((await (await buyer.GetAsync("/api/participants/tickets")).Ok()).Items(), ticket => Assert.Equal("void", ticket.Text("status")));
        await app.Bus.Say(new RefundSucceeded(refundId, refund.PaymentId, orderId, 5000, "EUR"), refundId.ToString());
        Assert.Equal("refunded", (await OrderOf(buyer, orderId)).Text("status"));
        Assert.Equal("refunded", (await (await buyer.GetAsync("/api/participants/orders")).Ok()).Items()[0].Text("status"));
    }

    [Fact]
    public async Task A_refund_that_failed_is_seen_and_tried_again()
    {
        var type = Type();
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());
        var (orderId, _) = await app.Bought(buyer, eventId, type, "Ann");
        var refundId = Guid.CreateVersion7();
        await (await app.Organizer().PutAsync($"/api/participants/orders/{orderId}/refunds/{refundId}", null)).Ok();

        await app.Bus.Say(new RefundFailed(refundId, Guid.CreateVersion7(), orderId, "expired_or_canceled_card"), refundId.ToString());

        Assert.Equal("refundFailed", (await OrderOf(buyer, orderId)).Text("status"));
        await (await app.Organizer().PutAsync($"/api/participants/orders/{orderId}/refunds/{Guid.CreateVersion7()}", null)).Ok();
        await app.Quiet();
        Assert.Equal(2, app.Bus.Messages<RefundRequested>().Count(refund => refund.OrderId == orderId));
    }

    [Fact]
    public async Task A_cancelled_event_closes_the_unpaid_and_refunds_the_paid_once()
    {
        var (paid, free) = (Type(quantity: 9), Type(quantity: 9, price: 0, name: "Free"));
        var (eventId, buyer) = (await app.OnSale(paid, free), app.Buyer());
        var (bought, _) = await app.Bought(buyer, eventId, paid, "Ann");
        var unpaid = await Ordered(buyer, eventId, paid, "Ben");
        var forFree = await Ordered(buyer, eventId, free, "Cem");
        var heldOnly = Guid.CreateVersion7();
        await (await Hold(buyer, eventId, heldOnly, (paid, 1))).Ok();
        await app.Quiet();

        for (var time = 0; time < 2; time++)
        {
            await app.Bus.Say(app.Cancelled(eventId), eventId.ToString(), sequence: 9);
            await app.Quiet();
        }

        Assert.Equal("refundPending", (await OrderOf(buyer, bought)).Text("status"));
        Assert.Equal("cancelled", (await OrderOf(buyer, unpaid)).Text("status"));
        Assert.Equal("cancelled", (await OrderOf(buyer, forFree)).Text("status"));
        Assert.Equal("event-cancelled", Assert.Single(app.Bus.Messages<RefundRequested>(), refund => refund.EventId == eventId).Reason);
        Assert.Equal(4, app.Bus.Messages<SaleWithdrawn>().Count(sale => sale.EventId == eventId));
        Assert.All((await (await buyer.GetAsync("/api/participants/tickets")).Ok()).Items(), ticket => Assert.Equal("void", ticket.Text("status")));
        Assert.Equal("cancelled", (await app.Availability(eventId)).GetProperty("ticketTypes")[0].Text("state"));
        await app.Pay(unpaid, eventId, 2500);
        Assert.Single(app.Bus.Messages<RefundRequested>(), refund => refund.OrderId == unpaid);
        await (await Hold(buyer, eventId, Guid.CreateVersion7(), (paid, 1))).Refused(409, "event-cancelled");
    }

    [Fact]
    public async Task An_order_is_seen_by_its_buyer_and_its_organiser_alone()
    {
        var type = Type();
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());
        var orderId = await Ordered(buyer, eventId, type, "Ann");
        var path = $"/api/participants/orders/{orderId}";

        await (await buyer.GetAsync(path)).Ok();
        await (await app.Organizer().GetAsync(path)).Ok();
        await (await app.Organizer("checkin.scan").GetAsync(path)).Refused(404, "order-unknown");
        await (await app.Buyer().GetAsync(path)).Refused(404, "order-unknown");
        await (await app.Stranger().GetAsync(path)).Refused(404, "order-unknown");
        await (await app.Anybody.GetAsync(path)).Refused(401, "unauthenticated");
        await (await buyer.GetAsync($"/api/participants/orders/{Guid.CreateVersion7()}")).Refused(404, "order-unknown");
    }

    [Fact]
    public async Task My_orders_come_newest_first_and_page_by_page()
    {
        var type = Type();
        var (eventId, buyerId) = (await app.OnSale(type), Guid.CreateVersion7());
        List<Guid> orders = [];
        for (var number = 0; number < 5; number++)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            orders.Add(await Ordered(app.Buyer(buyerId), eventId, type, "Ann"));
        }

        await Ordered(app.Buyer(), eventId, type, "Somebody else");
        await app.Quiet();

        List<JsonElement> seen = [];
        for (var path = "/api/participants/orders?limit=2"; path.Length > 0;)
        {
            var page = await (await app.Buyer(buyerId).GetAsync(path)).Ok();
            Assert.True(page.Items().Length <= 2);
            seen.AddRange(page.Items());
            path = page.TryGetProperty("next", out var next) ? $"/api/participants/orders?limit=2&after={next.GetString()}" : "";
        }

        Assert.Equal(Enumerable.Reverse(orders), seen.Select(order => order.GetProperty("orderId").GetGuid()));
        var organised = await (await app.Organizer().GetAsync($"/api/participants/events/{eventId}/orders?limit=200")).Ok();
        Assert.Equal(6, organised.Items().Length);
        await (await app.Stranger().GetAsync($"/api/participants/events/{eventId}/orders")).Refused(404, "event-unknown");
        await (await app.Buyer(buyerId).GetAsync("/api/participants/orders?after=nonsense")).Refused(400, "cursor-unreadable");
    }
}
