using System.Net.Http.Json;
using System.Text.Json;
using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts.Participants;
using EventFly.Payments.Alerts;
using EventFly.Payments.Ledger;
using EventFly.Payments.PayableOrders;
using EventFly.Payments.Payments;
using EventFly.Payments.Processor;
using EventFly.Payments.Refunds;
using EventFly.StripeSimulator.Tests;
using EventFly.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EventFly.Payments.Tests;

/// <summary>The service as it runs, on a free port, with the Stripe simulator as its processor; each tells the other over HTTP.</summary>
public class PaymentsApp : ServiceApp<StripeOptions>
{
    private readonly Dictionary<string, string?> settings;

    public PaymentsApp()
        : this(hearsWebhooks: true)
    {
    }

    internal PaymentsApp(bool hearsWebhooks, params (string Name, string Value)[] settings)
    {
        this.settings = new()
        {
            ["Stripe:ApiBase"] = Stripe.Address.AbsoluteUri,
            ["Stripe:SecretKey"] = SimulatorApp.SecretKey,
            ["Stripe:WebhookSecret"] = "whsec_none",
            // The clock stands still, so nothing may wait between two tries.
            ["Stripe:FirstRetryDelay"] = "00:00:00",
            ["Payments:OrderWait"] = "00:00:00",
        };
        foreach (var (name, value) in settings) this.settings[name] = value;
        // Stripe signs with the time that it has.
        Clock.Now = TimeProvider.System.GetUtcNow();
        UseKestrel(static kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        StartServer();
        if (hearsWebhooks) HearWebhooks().GetAwaiter().GetResult();
    }

    public static TestUser Platform => new(Guid.CreateVersion7(), ["platform-admin"], null, []);

    public SimulatorApp Stripe { get; } = new();

    protected override IEnumerable<KeyValuePair<string, string?>> Settings => settings;

    public async Task HearWebhooks()
    {
        var endpoint = await Stripe.Post(
            "/v1/webhook_endpoints", ("url", new Uri(ClientOptions.BaseAddress, "/api/payments/stripe/webhook").AbsoluteUri), ("enabled_events[0]", "*"));
        Services.GetRequiredService<IOptions<StripeOptions>>().Value.WebhookSecret = endpoint.Text("secret")!;
    }

    public async Task<Order> Placed(long amount = 2_500, Order? order = null)
    {
        order ??= NewOrder(amount);
        await Bus.Say(order.Message, order.Id.ToString("N"));
        return order;
    }

    public Order NewOrder(long amount = 2_500) => new(new OrderPlaced(
        Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), amount, "EUR", Clock.Now.AddMinutes(10)) { Tickets = 1 });

    public Task Close(Order order, string reason = "expired") => Bus.Say(
        new OrderClosed(order.Id, order.Message.EventId, order.Message.OrganizationId, reason), order.Id.ToString("N"), 2);

    public Task AskBack(Order order, Guid paymentId, Guid refundId, long? amount = null, string reason = "requested") => Bus.Say(
        new RefundRequested(
            refundId, paymentId, order.Id, order.Message.EventId, order.Message.OrganizationId, amount ?? order.Message.Amount,
            order.Message.Currency, reason),
        order.Id.ToString("N"), 3);

    public HttpClient Buyer(Order order) => CreateClient(TestUser.Participant(order.Message.BuyerId));

    public async Task<HttpResponseMessage> Pay(
        Order order, Guid? paymentId = null, string method = "pm_card_visa", string? returnUrl = "https://shop.example/back", HttpClient? client = null)
    {
        using var own = client is null ? Buyer(order) : null;
        return await (client ?? own!).PutAsJsonAsync(
            $"/api/payments/payments/{paymentId ?? Guid.CreateVersion7()}", new { orderId = order.Id, paymentMethodId = method, returnUrl });
    }

    public async Task<JsonElement> PaymentOf(Order order, Guid paymentId)
    {
        using var client = Buyer(order);
        return await (await client.GetAsync($"/api/payments/payments/{paymentId}")).Is(200);
    }

    public string WebhookSecret => Services.GetRequiredService<IOptions<StripeOptions>>().Value.WebhookSecret;

    internal Task<Payment> Stream(Guid paymentId) => Services.GetRequiredService<PaymentDecisions>().Read(paymentId, CancellationToken.None);

    internal async Task<IReadOnlyList<Alert>> Alerts(AlertKind kind) =>
        [.. (await All<Alert>()).Where(alert => alert.Kind == kind && alert.ResolvedAt is null)];

    internal async Task<IReadOnlyList<PendingRefund>> PendingRefunds() => await All<PendingRefund>();

    internal async Task<IReadOnlyList<Movement>> Ledger(Guid paymentId) =>
        [.. (await All<Movement>()).Where(movement => movement.PaymentId == paymentId).OrderBy(movement => movement.Kind)];

    /// <summary>As Participants says it: the money became tickets.</summary>
    public Task Confirm(Order order, Guid paymentId) => Bus.Say(
        new OrderConfirmed(
            order.Id, order.Message.EventId, order.Message.OrganizationId, order.Message.BuyerId, order.Message.Amount, order.Message.Currency, paymentId, []),
        order.Id.ToString("N"), 4);

    internal async Task<PayableOrder> Known(Order order) =>
        (await Services.GetRequiredService<Documents<PayableOrder>>().Get(PayableOrder.IdOf(order.Id), CancellationToken.None))!.Body;

    public async Task<JsonElement> Get(string path, TestUser user, int status = 200)
    {
        using var client = CreateClient(user);
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return await answer.Is(status);
    }

    public async Task Turn(string path)
    {
        using var answer = await Stripe.Stripe.PostAsync(new Uri(path, UriKind.Relative), null);
        answer.EnsureSuccessStatusCode();
    }

    public int Waiting => Services.GetRequiredService<OrderArrivals>().Waiting;

    /// <summary>As a process leaves it that dies right after an attempt was admitted, or (again) right before it leaves.</summary>
    public Task TakePlace(Order order, Guid paymentId, bool again = false) => Services.GetRequiredService<Documents<PayableOrder>>().Change(
        PayableOrder.IdOf(order.Id),
        known => again ? known!.Body with { Open = new OpenAttempt(paymentId, Clock.Now) } : known!.Body.Admit(paymentId, order.Message.BuyerId, Clock.Now, 20),
        CancellationToken.None);

    /// <summary>As a process leaves it that dies right after a refund was noted, or right before its note is taken away.</summary>
    public Task Note(Order order, Guid paymentId, Guid refundId) => Services.GetRequiredService<Documents<PendingRefund>>().Change(
        PendingRefund.IdOf(refundId),
        _ => new PendingRefund(refundId, paymentId, order.Message.Amount, order.Message.Currency, "requested", Clock.Now),
        CancellationToken.None);

    /// <summary>What moved at the processor for one payment: kinds, in order.</summary>
    public async Task<IReadOnlyList<string>> Movements(Guid paymentId) => await Movements("payment_id", paymentId);

    public async Task<IReadOnlyList<string>> MovementsOf(Order order) => await Movements("order_id", order.Id);

    /// <summary>What the buyer does at the bank's page.</summary>
    public async Task AtTheBank(JsonElement payment, string verdict)
    {
        var page = new Uri(payment.GetProperty("actionUrl").GetString()!);
        using var browser = Stripe.NewClient();
        using var answer = await browser.PostAsync(new Uri($"{page.GetLeftPart(UriPartial.Path)}/{verdict}{page.Query}"), null);
        Assert.Equal(303, (int)answer.StatusCode);
    }

    /// <summary>Time goes on until a round of the sweep has had its effect.</summary>
    public async Task Until(Func<Task<bool>> condition)
    {
        await Eventually.True(async () =>
        {
            Clock.Advance(TimeSpan.FromSeconds(5));
            return await condition();
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) Stripe.Dispose();
    }

    private async Task<IReadOnlyList<T>> All<T>()
        where T : class =>
        [.. (await Services.GetRequiredService<Documents<T>>().Query(new Query([], [], 200), CancellationToken.None)).Items.Select(document => document.Body)];

    private async Task<IReadOnlyList<string>> Movements(string key, Guid id)
    {
        var ledger = await Stripe.Get("/_simulator/ledger?limit=10000");
        return
        [
            .. ledger.Body.GetProperty("movements").EnumerateArray()
                .Where(movement => movement.GetProperty("metadata").TryGetProperty(key, out var value) && value.GetString() == id.ToString())
                .Select(movement => movement.GetProperty("kind").GetString()!),
        ];
    }
}

/// <summary>Stripe tells nothing on its own: everything must come from answers and from asking again.</summary>
public sealed class DeafPaymentsApp() : PaymentsApp(hearsWebhooks: false);

public sealed record Order(OrderPlaced Message)
{
    public Guid Id => Message.OrderId;
}

internal static class Answers
{
    public static string Status(this JsonElement payment) => payment.GetProperty("status").GetString()!;
}
