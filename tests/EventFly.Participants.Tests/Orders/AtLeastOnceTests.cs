using EventFly.BuildingBlocks.EventStore;
using EventFly.Participants.Inventory;
using EventFly.Participants.Orders;
using Microsoft.Extensions.DependencyInjection;
using static EventFly.Participants.Tests.ParticipantsApp;

namespace EventFly.Participants.Tests.Orders;

/// <summary>Every message twice, and processes that ended between two steps.</summary>
public sealed class AtLeastOnceTests : IDisposable
{
    private readonly ParticipantsApp app = new();

    public AtLeastOnceTests() => app.Bus.DeliverTwice = true;

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task A_whole_purchase_with_every_message_twice_is_one_purchase()
    {
        var type = Type(quantity: 3);
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());

        var (orderId, tickets) = await app.Bought(buyer, eventId, type, "Ann", "Ben");
        Assert.Equal(1, await app.Free(eventId));
        await (await app.Organizer().PutAsync($"/api/participants/orders/{orderId}/refunds/{Guid.CreateVersion7()}", null)).Ok();
        await app.Quiet();

        Assert.Equal(2, tickets.Length);
        Assert.Equal(3, await app.Free(eventId));
        Assert.Single(app.Bus.Messages<Contracts.Participants.OrderConfirmed>());
        Assert.Single(app.Bus.Messages<Contracts.Participants.RefundRequested>());
        Assert.Equal(0, await app.Bus.Count(CancellationToken.None));
    }

    [Fact]
    public async Task A_sale_that_was_not_confirmed_any_more_is_confirmed_by_the_next_delivery()
    {
        var type = Type(quantity: 1);
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());
        var orderId = await Ordered(buyer, eventId, type, "Ann");
        await Streams.DecideInventory(eventId, inventory => inventory.Sell(orderId, app.Clock.Now), CancellationToken.None);

        await app.Pay(orderId, eventId, 2500);

        Assert.Equal("confirmed", (await OrderOf(buyer, orderId)).Text("status"));
        Assert.Equal(0, await app.Free(eventId));
    }

    [Fact]
    public async Task Tickets_that_were_sold_to_an_order_that_was_cancelled_meanwhile_go_back_with_the_money()
    {
        var type = Type(quantity: 1);
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());
        var orderId = await Ordered(buyer, eventId, type, "Ann");
        await Streams.DecideInventory(eventId, inventory => inventory.Sell(orderId, app.Clock.Now), CancellationToken.None);
        await (await buyer.PostAsync($"/api/participants/orders/{orderId}/cancellation", null)).Ok();
        Assert.Equal(0, await app.Free(eventId));

        await app.Pay(orderId, eventId, 2500);

        Assert.Equal(1, await app.Free(eventId));
        Assert.Single(app.Bus.Messages<Contracts.Participants.RefundRequested>());
        Assert.Empty(app.Bus.Messages<Contracts.Participants.OrderConfirmed>());
    }

    [Fact]
    public async Task A_free_order_whose_request_ended_early_is_finished_by_its_own_news()
    {
        var type = Type(quantity: 1, price: 0);
        var (eventId, orderId, buyerId) = (await app.OnSale(type), Guid.CreateVersion7(), Guid.CreateVersion7());
        await (await Hold(app.Buyer(buyerId), eventId, orderId, (type, 1))).Ok();
        var offer = new Offer(
            orderId, eventId, app.Organization, buyerId, "Summer Night", app.Clock.Now.AddDays(30), "EUR",
            [new OfferedLine(type.TicketTypeId, "Regular", 1, 0)], app.Clock.Now.AddMinutes(10));

        await Streams.DecideOrder(
            orderId, order => order.Place(offer, [new Attendee(type.TicketTypeId, "Ann", "ann@example.org")], app.Clock.Now), CancellationToken.None);
        await app.Quiet();

        Assert.Equal("confirmed", (await OrderOf(app.Buyer(buyerId), orderId)).Text("status"));
        Assert.Single((await (await app.Buyer(buyerId).GetAsync("/api/participants/tickets")).Ok()).Items());
    }

    [Fact]
    public async Task News_of_tickets_in_the_wrong_order_ends_in_void_tickets()
    {
        var type = Type();
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());
        var (orderId, tickets) = await app.Bought(buyer, eventId, type, "Ann");
        var confirmed = Assert.Single(app.Bus.Messages<Contracts.Participants.OrderConfirmed>());
        await (await app.Organizer().PutAsync($"/api/participants/orders/{orderId}/refunds/{Guid.CreateVersion7()}", null)).Ok();
        await app.Quiet();

        await app.Bus.Say(confirmed, orderId.ToString("N"), sequence: 2);

        var ticket = await (await buyer.GetAsync($"/api/participants/tickets/{tickets[0].Text("ticketId")}")).Ok();
        Assert.Equal("void", ticket.Text("status"));
        Assert.False(ticket.TryGetProperty("code", out _));
    }

    [Fact]
    public async Task Money_for_an_order_that_is_not_here_is_not_forgotten()
    {
        var eventId = await app.OnSale(Type());

        await app.Pay(Guid.CreateVersion7(), eventId, 2500);

        Assert.True(await app.Bus.Count(CancellationToken.None) > 0);
    }

    [Fact]
    public async Task While_the_bus_is_away_orders_are_placed_and_announced_later()
    {
        var type = Type();
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());
        app.Bus.IsAway = true;

        var orderId = await Ordered(buyer, eventId, type, "Ann");
        Assert.Empty(app.Bus.Messages<Contracts.Participants.OrderPlaced>());
        app.Bus.IsAway = false;

        await app.Bus.Expect<Contracts.Participants.OrderPlaced>(order => order.OrderId == orderId);
    }

    private Streams Streams => app.Services.GetRequiredService<Streams>();
}
