using EventFly.Payments.Ledger;
using EventFly.Payments.Payments;
using EventFly.Testing;

namespace EventFly.Payments.Tests.Ledger;

public sealed class LedgerTests : IAsyncDisposable
{
    private readonly PaymentsApp app = new();
    private readonly Guid paymentId = Guid.CreateVersion7();
    private readonly Guid refundId = Guid.CreateVersion7();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_charge_and_a_refund_are_two_movements_that_balance()
    {
        app.Bus.DeliverTwice = true;
        var order = await Paid("pm_card_visa");
        await app.AskBack(order, paymentId, refundId, 1_000);

        await Eventually.True(async () => (await app.Ledger(paymentId)).Count == 2);

        var ledger = await app.Ledger(paymentId);
        Assert.Equal([MovementKind.Charge, MovementKind.Refund], ledger.Select(movement => movement.Kind));
        Assert.All(ledger, movement => Assert.Equal(0, movement.Entries.Sum(entry => entry.Amount)));
        Assert.Equal(1_500, AtTheProcessor(ledger));
    }

    [Fact]
    public async Task A_failed_attempt_moves_nothing()
    {
        await Paid("pm_card_chargeDeclined");

        Assert.Empty(await app.Ledger(paymentId));
    }

    [Fact]
    public async Task A_refund_that_came_back_is_a_movement_of_its_own()
    {
        var order = await Paid("pm_card_refundFail");
        await app.AskBack(order, paymentId, refundId);

        await Eventually.True(async () => (await app.Ledger(paymentId)).Count == 3);

        Assert.Equal(2_500, AtTheProcessor(await app.Ledger(paymentId)));
    }

    [Fact]
    public async Task A_refund_that_never_went_is_no_movement()
    {
        var order = await Paid("pm_card_visa");
        await app.AskBack(order, paymentId, refundId, 9_999);
        await Eventually.True(async () => (await app.Ledger(paymentId)).Count > 0);
        await app.Bus.Settled();

        Assert.Equal([MovementKind.Charge], (await app.Ledger(paymentId)).Select(movement => movement.Kind));
    }

    [Fact]
    public async Task A_dispute_takes_the_money_and_may_give_it_back()
    {
        await Paid("pm_card_createDispute");
        await Eventually.True(async () => (await app.Ledger(paymentId)).Count == 2);
        Assert.Equal(0, AtTheProcessor(await app.Ledger(paymentId)));

        var dispute = (await app.Stream(paymentId)).Disputes.Keys.Single();
        using var answer = await app.Stripe.Stripe.PostAsync(new Uri($"/_simulator/disputes/{dispute}/won", UriKind.Relative), null);
        answer.EnsureSuccessStatusCode();

        await Eventually.True(async () => (await app.Ledger(paymentId)).Count == 3);
        Assert.Equal(2_500, AtTheProcessor(await app.Ledger(paymentId)));
    }

    [Fact]
    public void What_is_not_paid_has_not_moved() => Assert.Empty(Movement.Of(Payment.Initial, DateTimeOffset.UnixEpoch));

    private static long AtTheProcessor(IEnumerable<Movement> ledger) =>
        ledger.SelectMany(movement => movement.Entries).Where(entry => entry.Account == Movement.Processor).Sum(entry => entry.Amount);

    private async Task<Order> Paid(string method)
    {
        var order = await app.Placed();
        await (await app.Pay(order, paymentId, method)).Is(200);
        return order;
    }
}
