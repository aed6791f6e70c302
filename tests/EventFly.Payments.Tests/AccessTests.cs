using EventFly.Testing;

namespace EventFly.Payments.Tests;

public sealed class AccessTests(DeafPaymentsApp app) : IClassFixture<DeafPaymentsApp>
{
    [Fact]
    public void It_is_written_down_who_may_call_what() => Assert.Equal(
        [
            "GET /api/payments/alerts: permission billing.manage or order.read, or platform-admin",
            "GET /api/payments/differences: permission billing.manage, or platform-admin",
            "GET /api/payments/disputes: permission billing.manage or order.read, or platform-admin",
            "GET /api/payments/ledger/balances: permission billing.manage or order.read, or platform-admin",
            "GET /api/payments/ledger/movements.csv: permission billing.manage or order.read, or platform-admin",
            "GET /api/payments/ledger/movements: permission billing.manage or order.read, or platform-admin",
            "GET /api/payments/orders/{orderId:guid}/ledger: permission billing.manage or order.read, or platform-admin",
            "GET /api/payments/orders/{orderId:guid}/payments: signed in",
            "GET /api/payments/payments/{paymentId:guid}: signed in",
            "GET /api/payments/reconciliation: platform-admin",
            "POST /api/payments/payments/{paymentId:guid}/cancellation: participant",
            "POST /api/payments/reconciliation: platform-admin",
            "POST /api/payments/stripe/webhook: anybody",
            "PUT /api/payments/alerts/{alertId}/acknowledgement: permission billing.manage, or platform-admin",
            "PUT /api/payments/payments/{paymentId:guid}: participant",
        ],
        EndpointAccess.TableOf(app.Services));

    [Fact]
    public async Task Bad_input_is_always_refused()
    {
        using var client = app.CreateClient();
        TestUser[] callers = [TestUser.Participant(), TestUser.Organizer(Guid.CreateVersion7(), "order.read", "billing.manage"), PaymentsApp.Platform];

        Assert.NotEqual(0, await BadInput.IsAlwaysRefused(client, [.. callers.Select(app.Tokens.For)]));
    }

    [Fact]
    public async Task Only_the_buyer_and_the_seller_see_a_payment()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        await (await app.Pay(order, paymentId)).Is(200);
        var seller = order.Message.OrganizationId;
        (TestUser User, int Status)[] callers =
        [
            (TestUser.Participant(order.Message.BuyerId), 200),
            (TestUser.Organizer(seller, "order.read"), 200),
            (TestUser.Staff(seller, "order.read"), 200),
            (TestUser.Staff(seller, "checkin.scan"), 404),
            (TestUser.Organizer(Guid.CreateVersion7(), "order.read"), 404),
            (TestUser.Participant(), 404),
        ];

        foreach (var (user, status) in callers)
        {
            using var client = app.CreateClient(user);
            await (await client.GetAsync($"/api/payments/payments/{paymentId}")).Is(status);
            var list = await (await client.GetAsync($"/api/payments/orders/{order.Id}/payments")).Is(status);
            if (status == 200) Assert.Equal(paymentId, Assert.Single(list.GetProperty("payments").EnumerateArray()).GetProperty("paymentId").GetGuid());
        }

        using var nobody = app.CreateClient();
        await (await nobody.GetAsync($"/api/payments/payments/{paymentId}")).Is(401);
    }

    [Fact]
    public async Task A_stranger_cancels_nothing()
    {
        var order = await app.Placed();
        var paymentId = Guid.CreateVersion7();
        await (await app.Pay(order, paymentId, "pm_card_threeDSecure2Required")).Is(200);
        using var stranger = app.CreateClient(TestUser.Participant());

        await (await stranger.PostAsync($"/api/payments/payments/{paymentId}/cancellation", null)).Refused(404, "payment-not-found");

        Assert.Equal("requiresAction", (await app.PaymentOf(order, paymentId)).Status());
    }

    [Fact]
    public async Task All_attempts_of_an_order_are_listed_in_their_order()
    {
        var order = await app.Placed();
        var declined = Guid.CreateVersion7();
        var paid = Guid.CreateVersion7();
        await (await app.Pay(order, declined, "pm_card_chargeDeclined")).Is(200);
        await (await app.Pay(order, paid)).Is(200);
        using var buyer = app.Buyer(order);

        var list = await (await buyer.GetAsync($"/api/payments/orders/{order.Id}/payments")).Is(200);

        Assert.Equal(
            [(declined, "failed"), (paid, "succeeded")],
            list.GetProperty("payments").EnumerateArray().Select(payment => (payment.GetProperty("paymentId").GetGuid(), payment.Status())));
    }

    [Fact]
    public async Task What_is_counted_is_shown()
    {
        await (await app.Pay(await app.Placed())).Is(200);
        using var client = app.CreateClient();

        var metrics = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Contains("eventfly_payments_settled", metrics, StringComparison.Ordinal);
        Assert.Contains("outcome=\"succeeded\"", metrics, StringComparison.Ordinal);
    }
}
