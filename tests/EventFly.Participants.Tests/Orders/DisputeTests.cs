using System.Text.Json;
using EventFly.Contracts.Participants;
using EventFly.Contracts.Payments;
using static EventFly.Participants.Tests.ParticipantsApp;

namespace EventFly.Participants.Tests.Orders;

public sealed class DisputeTests
{
    private readonly string dispute = $"dp_{Guid.CreateVersion7():N}";

    [Fact]
    public async Task A_disputed_order_says_so_and_keeps_its_tickets_and_one_that_is_won_is_an_order_like_any()
    {
        using var app = new ParticipantsApp();
        app.Bus.DeliverTwice = true;
        var (eventId, buyer, orderId, paymentId) = await Bought(app);

        await Disputed(app, eventId, orderId, paymentId);
        var order = await OrderOf(app.Organizer(), orderId);
        Assert.Equal(("confirmed", true), (order.Text("status"), order.GetProperty("isDisputed").GetBoolean()));
        Assert.True(Line(await (await app.Organizer().GetAsync($"/api/participants/events/{eventId}/orders")).Ok()).GetProperty("isDisputed").GetBoolean());
        Assert.Empty(app.Bus.Messages<TicketsVoided>());

        await Closed(app, eventId, orderId, paymentId, "won");
        await Disputed(app, eventId, orderId, paymentId);
        Assert.False((await OrderOf(app.Organizer(), orderId)).GetProperty("isDisputed").GetBoolean());
        Assert.Equal("confirmed", (await OrderOf(buyer, orderId)).Text("status"));
        Assert.Equal(0, await app.Bus.Count(CancellationToken.None));
    }

    [Fact]
    public async Task An_end_that_is_heard_before_the_beginning_is_the_end()
    {
        using var app = new ParticipantsApp();
        var (eventId, _, orderId, paymentId) = await Bought(app);

        await Closed(app, eventId, orderId, paymentId, "lost");
        await Disputed(app, eventId, orderId, paymentId);

        Assert.True((await OrderOf(app.Organizer(), orderId)).GetProperty("isDisputed").GetBoolean());
    }

    [Fact]
    public async Task Where_the_setting_says_so_the_tickets_of_a_disputed_order_are_void()
    {
        using var app = new VoidingApp();
        var (eventId, _, orderId, paymentId) = await Bought(app);

        await Disputed(app, eventId, orderId, paymentId);
        await Disputed(app, eventId, orderId, paymentId);

        Assert.Equal("disputed", Assert.Single(app.Bus.Messages<TicketsVoided>()).Reason);
        Assert.Equal("cancelled", (await OrderOf(app.Organizer(), orderId)).Text("status"));
        Assert.Empty(app.Bus.Messages<RefundRequested>());
        Assert.Equal(3, await app.Free(eventId));
    }

    private sealed class VoidingApp : ParticipantsApp
    {
        protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Orders:VoidDisputed", "true")];
    }

    private static async Task<(Guid EventId, HttpClient Buyer, Guid OrderId, Guid PaymentId)> Bought(ParticipantsApp app)
    {
        var type = Type(quantity: 3);
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());
        var orderId = await Ordered(buyer, eventId, type, "Ann");
        return (eventId, buyer, orderId, await app.Pay(orderId, eventId, 2500));
    }

    private static JsonElement Line(JsonElement page) => Assert.Single(page.Items());

    private async Task Disputed(ParticipantsApp app, Guid eventId, Guid orderId, Guid paymentId)
    {
        await app.Bus.Say(
            new PaymentDisputed(dispute, paymentId, orderId, eventId, app.Organization, 2500, "EUR", "fraudulent", app.Clock.Now.AddDays(7)),
            paymentId.ToString(), 5);
        await app.Quiet();
    }

    private async Task Closed(ParticipantsApp app, Guid eventId, Guid orderId, Guid paymentId, string outcome)
    {
        await app.Bus.Say(
            new DisputeClosed(dispute, paymentId, orderId, eventId, app.Organization, 2500, "EUR", outcome), paymentId.ToString(), 6);
        await app.Quiet();
    }
}
