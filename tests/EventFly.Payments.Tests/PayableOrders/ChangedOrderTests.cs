using EventFly.Contracts.Participants;
using EventFly.Payments.Ledger;

namespace EventFly.Payments.Tests.PayableOrders;

public sealed class ChangedOrderTests(DeafPaymentsApp app) : IClassFixture<DeafPaymentsApp>
{
    [Fact]
    public async Task An_order_that_lost_tickets_costs_less()
    {
        var order = await app.Placed();
        await Changed(order, 1_500);
        await Changed(order, 2_000);

        Assert.Equal(1_500, (await (await app.Pay(order)).Is(200)).GetProperty("amount").GetInt64());
    }

    [Fact]
    public async Task A_change_that_is_heard_before_the_beginning_counts()
    {
        var order = app.NewOrder();
        await Changed(order, 1_500);
        await app.Placed(order: order);

        Assert.Equal(1_500, (await (await app.Pay(order)).Is(200)).GetProperty("amount").GetInt64());
    }

    [Fact]
    public async Task What_an_attempt_brought_too_much_goes_back_with_our_share()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        await (await app.Pay(order, paymentId)).Is(200);
        await Changed(order, 1_500);
        await app.Confirm(order, paymentId);
        await app.AskBack(order, paymentId, Guid.CreateVersion7(), 1_000, "order-changed");

        var refund = (await app.Ledger(paymentId))[1];
        Assert.Equal((1_000, 93 * 1_000 / 2_500), (refund.On(Accounts.Refunds), refund.On(Accounts.PlatformFees)));
    }

    private Task Changed(Order order, long amount) => app.Bus.Say(
        new OrderChanged(
            order.Id, order.Message.EventId, order.Message.OrganizationId, order.Message.BuyerId, amount, order.Message.Currency, order.Message.PayBy, 1,
            "tickets-dropped"),
        order.Id.ToString("N"), 2);
}
