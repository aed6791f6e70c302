using EventFly.Payments.Alerts;
using EventFly.Payments.Ledger;
using EventFly.Payments.Payments;
using EventFly.Testing;

namespace EventFly.Payments.Tests.Ledger;

public sealed class LedgerTests : IAsyncDisposable
{
    // 2.5 % of 25.00 and 0.30 for one ticket; the processor keeps 2.9 % and 0.30.
    private const long OurFee = 93;
    private const long TheirFee = 102;

    private readonly PaymentsApp app = new();
    private readonly Guid paymentId = Guid.CreateVersion7();
    private readonly Guid refundId = Guid.CreateVersion7();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_charge_says_what_is_whose()
    {
        app.Bus.DeliverTwice = true;
        await Confirmed();

        var charge = Assert.Single(await app.Ledger(paymentId));
        Assert.Equal(
            [(Accounts.Processor, 2_500 - TheirFee), (Accounts.ProcessorFees, TheirFee), (Accounts.Payable, OurFee - 2_500), (Accounts.PlatformFees, -OurFee)],
            charge.Entries.Select(entry => (entry.Account, entry.Amount)));
    }

    [Fact]
    public async Task A_charge_that_nobody_confirms_is_written_down_all_the_same()
    {
        await Paid("pm_card_visa");

        await app.Until(async () => (await app.Ledger(paymentId)).Count == 1);

        await Eventually.True(async () => (await app.Known(Placed)).Awaiting is [{ } awaited] && awaited.PaymentId == paymentId);
    }

    [Fact]
    public async Task A_refund_is_the_organisations_and_our_fee_stays_if_the_package_says_so()
    {
        app.Bus.DeliverTwice = true;
        var order = await Confirmed();
        await app.AskBack(order, paymentId, refundId, 1_000);

        await Eventually.True(async () => (await app.Ledger(paymentId)).Count == 2);

        var refund = (await app.Ledger(paymentId))[1];
        Assert.Equal([(Accounts.Processor, -1_000), (Accounts.Refunds, 1_000)], refund.Entries.Select(entry => (entry.Account, entry.Amount)));
        Assert.Equal(1_500 - TheirFee, await AtTheProcessor());
    }

    [Theory]
    [InlineData("sale-refused")]
    [InlineData("surplus-payment")]
    public async Task Where_nothing_was_sold_the_fee_is_returned(string reason)
    {
        var order = await Paid("pm_card_visa");
        await app.AskBack(order, paymentId, refundId, reason: reason);

        await Eventually.True(async () => (await app.Ledger(paymentId)).Count == 2);

        var ledger = await app.Ledger(paymentId);
        Assert.Equal(0, ledger.Sum(movement => movement.On(Accounts.PlatformFees)));
        Assert.Equal(0, Accounts.Owed.Sum(account => ledger.Sum(movement => movement.On(account))));
        Assert.Empty((await app.Known(order)).Awaiting);
    }

    [Fact]
    public async Task A_package_may_return_the_fees_share_of_a_refund()
    {
        await using var kind = new PaymentsApp(hearsWebhooks: false, ("Fees:Packages:standard:IsReturnedOnRefund", "true"));
        var order = await kind.Placed();
        await (await kind.Pay(order, paymentId)).Is(200);
        await kind.AskBack(order, paymentId, refundId, 1_000);

        Assert.Equal(OurFee * 1_000 / 2_500, (await kind.Ledger(paymentId))[1].On(Accounts.PlatformFees));
    }

    [Fact]
    public async Task The_fee_is_the_one_of_the_time_of_the_charge()
    {
        var order = await Confirmed();

        Assert.Equal(new LockedFee("standard", OurFee, false), (await app.Stream(paymentId)).Start!.Fee);
        Assert.Equal("succeeded", (await (await app.Pay(order, paymentId)).Is(200)).Status());
    }

    [Fact]
    public async Task A_failed_attempt_moves_nothing()
    {
        await Paid("pm_card_chargeDeclined");

        Assert.Empty(await app.Ledger(paymentId));
    }

    [Fact]
    public async Task A_refund_that_came_back_is_its_own_reverse()
    {
        var order = await Paid("pm_card_refundFail");
        await app.AskBack(order, paymentId, refundId);

        await Eventually.True(async () => (await app.Ledger(paymentId)).Count == 3);

        var ledger = await app.Ledger(paymentId);
        Assert.Equal(ledger[1].Entries.Select(entry => (entry.Account, -entry.Amount)), ledger[2].Entries.Select(entry => (entry.Account, entry.Amount)));
        Assert.Equal(2_500 - TheirFee, await AtTheProcessor());
        await Eventually.True(async () => (await app.Alerts(AlertKind.RefundFailed)) is [{ } alert] && alert.Subject == refundId.ToString("N"));
    }

    [Fact]
    public async Task A_refund_that_never_went_is_no_movement()
    {
        var order = await Confirmed();
        await app.AskBack(order, paymentId, refundId, 9_999);
        await app.Bus.Settled();

        Assert.Equal([MovementKind.Charge], (await app.Ledger(paymentId)).Select(movement => movement.Kind));
    }

    [Fact]
    public async Task A_dispute_takes_the_money_and_a_fee_and_may_give_both_back()
    {
        await Paid("pm_card_createDispute");
        await Eventually.True(async () => (await app.Ledger(paymentId)).Count == 2);
        Assert.Equal(-TheirFee - 1_500, await AtTheProcessor());
        Assert.Equal((2_500, 1_500), ((await app.Ledger(paymentId))[1].On(Accounts.Disputes), (await app.Ledger(paymentId))[1].On(Accounts.DisputeFees)));

        await app.Turn($"/_simulator/disputes/{(await app.Stream(paymentId)).Disputes.Keys.Single()}/won");

        await Eventually.True(async () => (await app.Ledger(paymentId)).Count == 3);
        Assert.Equal(2_500 - TheirFee, await AtTheProcessor());
    }

    [Fact]
    public void What_is_not_paid_has_not_moved() => Assert.Empty(Movements.Of(Payment.Initial, DateTimeOffset.UnixEpoch));

    [Fact]
    public async Task The_organisation_reads_its_books_and_nobody_elses()
    {
        var order = await Confirmed();
        app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await app.AskBack(order, paymentId, refundId, 1_000);
        var seller = TestUser.Organizer(order.Message.OrganizationId, "billing.manage");
        var stranger = TestUser.Organizer(Guid.CreateVersion7(), "billing.manage");

        var ofOrder = await app.Get($"/api/payments/orders/{order.Id}/ledger", seller);
        Assert.Equal(["charge", "refund"], ofOrder.GetProperty("movements").EnumerateArray().Select(movement => movement.GetProperty("kind").GetString()));
        await app.Get($"/api/payments/orders/{order.Id}/ledger", stranger, 404);
        await app.Get($"/api/payments/orders/{order.Id}/ledger", TestUser.Staff(order.Message.OrganizationId, "checkin.scan"), 403);
        await app.Get($"/api/payments/orders/{order.Id}/ledger", TestUser.Participant(order.Message.BuyerId), 403);

        var first = await app.Get($"/api/payments/ledger/movements?eventId={order.Message.EventId}&limit=1", seller);
        Assert.Equal("refund", Assert.Single(first.GetProperty("items").EnumerateArray()).GetProperty("kind").GetString());
        var second = await app.Get(
            $"/api/payments/ledger/movements?eventId={order.Message.EventId}&limit=1&after={Uri.EscapeDataString(first.GetProperty("next").GetString()!)}", seller);
        Assert.Equal("charge", Assert.Single(second.GetProperty("items").EnumerateArray()).GetProperty("kind").GetString());
        Assert.Empty((await app.Get($"/api/payments/ledger/movements?eventId={order.Message.EventId}", stranger)).GetProperty("items").EnumerateArray());
        await app.Get($"/api/payments/ledger/movements?organizationId={order.Message.OrganizationId}", stranger, 404);
        Assert.Equal(2, (await app.Get($"/api/payments/ledger/movements?organizationId={order.Message.OrganizationId}", PaymentsApp.Platform))
            .GetProperty("items").GetArrayLength());
        await app.Get("/api/payments/ledger/movements?from=2026-06-02T00:00:00Z&to=2026-06-01T00:00:00Z", seller, 400);
    }

    [Fact]
    public async Task Balances_are_those_of_their_time_and_sum_to_zero()
    {
        var order = await Confirmed();
        var seller = TestUser.Organizer(order.Message.OrganizationId, "order.read");
        var before = app.Clock.Now.AddSeconds(1);
        app.Clock.Advance(TimeSpan.FromDays(3));
        await app.AskBack(order, paymentId, refundId, 1_000);

        var then = await Balances(seller, before);
        Assert.Equal(2_500 - OurFee, Owed(then));
        Assert.Equal(1_500 - OurFee, Owed(await Balances(seller, app.Clock.Now.AddSeconds(1))));
        Assert.Equal(1_500 - OurFee, Owed(await Balances(seller, app.Clock.Now.AddSeconds(1))));
        Assert.Equal(2_500 - OurFee, Owed(await Balances(seller, before)));
        Assert.Empty((await Balances(seller, before.AddDays(-1))).GetProperty("accounts").EnumerateArray());
        Assert.True((await Balances(PaymentsApp.Platform, app.Clock.Now.AddSeconds(1))).GetProperty("isBalanced").GetBoolean());

        // What was added up for past days is used, and is the same.
        app.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1_500 - OurFee, Owed(await Balances(seller, app.Clock.Now)));
        Assert.Equal(2_500 - OurFee, Owed(await Balances(seller, before)));
    }

    [Fact]
    public async Task The_books_are_exported_as_a_line_per_entry()
    {
        var order = await Confirmed();
        using var client = app.CreateClient(TestUser.Organizer(order.Message.OrganizationId, "billing.manage"));

        using var answer = await client.GetAsync(new Uri("/api/payments/ledger/movements.csv", UriKind.Relative));
        var lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("recorded_at,movement_id,kind,", lines[0], StringComparison.Ordinal);
        Assert.Equal(5, lines.Length);
        Assert.EndsWith($",processor,EUR,{2_500 - TheirFee},0", lines[1], StringComparison.Ordinal);
        Assert.EndsWith($",platform-fees,EUR,0,{OurFee}", lines[4], StringComparison.Ordinal);
        Assert.Equal(0, lines.Skip(1).Sum(line => long.Parse(line.Split(',')[^2], null) - long.Parse(line.Split(',')[^1], null)));
    }

    [Fact]
    public async Task A_movement_that_does_not_balance_is_not_written()
    {
        var journal = new Journal(null!, null!, app.Clock);
        var crooked = new Movement(
            "charge-1", MovementKind.Charge, paymentId, paymentId, paymentId, paymentId, "ch_1", "EUR",
            [new Entry(Accounts.Processor, 100), new Entry(Accounts.Payable, -99)], app.Clock.Now);

        await Assert.ThrowsAsync<InvalidOperationException>(() => journal.Write([crooked], CancellationToken.None));
    }

    private Order Placed { get; set; } = null!;

    private Task<System.Text.Json.JsonElement> Balances(TestUser user, DateTimeOffset at) =>
        app.Get($"/api/payments/ledger/balances?at={Uri.EscapeDataString(at.ToString("O"))}", user);

    private static long Owed(System.Text.Json.JsonElement balances)
    {
        Assert.True(balances.GetProperty("isBalanced").GetBoolean());
        return Assert.Single(balances.GetProperty("owed").EnumerateArray()).GetProperty("amount").GetInt64();
    }

    private async Task<long> AtTheProcessor() => (await app.Ledger(paymentId)).Sum(movement => movement.On(Accounts.Processor));

    private async Task<Order> Confirmed()
    {
        var order = await Paid("pm_card_visa");
        await app.Confirm(order, paymentId);
        return order;
    }

    private async Task<Order> Paid(string method)
    {
        Placed = await app.Placed();
        await (await app.Pay(Placed, paymentId, method)).Is(200);
        return Placed;
    }
}
