using EventFly.StripeSimulator.BalanceTransactions;
using EventFly.StripeSimulator.Charges;
using EventFly.StripeSimulator.Control;
using EventFly.StripeSimulator.Customers;
using EventFly.StripeSimulator.Disputes;
using EventFly.StripeSimulator.Events;
using EventFly.StripeSimulator.PaymentIntents;
using EventFly.StripeSimulator.PaymentMethods;
using EventFly.StripeSimulator.Refunds;
using EventFly.StripeSimulator.SetupIntents;
using EventFly.StripeSimulator.Storage;
using EventFly.StripeSimulator.Webhooks;
using EventFly.StripeSimulator.Wire;

namespace EventFly.StripeSimulator;

/// <summary>Everything that one Stripe account holds, in memory.</summary>
internal sealed class Account(SimulatorOptions options, TimeProvider clock, FaultSwitches switches, WebhookQueue webhooks, Later later)
{
    public TimeProvider Clock => clock;

    public FaultSwitches Switches => switches;

    public Later Later => later;

    public long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    public Shelf<PaymentIntent> PaymentIntents { get; } = new(options.KeepObjects);

    public Shelf<PaymentMethod> PaymentMethods { get; } = new(options.KeepObjects);

    public Shelf<Charge> Charges { get; } = new(options.KeepObjects);

    public Shelf<Refund> Refunds { get; } = new(options.KeepObjects);

    public Shelf<BalanceTransaction> BalanceTransactions { get; } = new(options.KeepObjects);

    public Shelf<Customer> Customers { get; } = new(options.KeepObjects);

    public Shelf<SetupIntent> SetupIntents { get; } = new(options.KeepObjects);

    public Shelf<Dispute> Disputes { get; } = new(options.KeepObjects);

    public Shelf<StripeEvent> Events { get; } = new(options.KeepObjects);

    public Shelf<WebhookEndpoint> WebhookEndpoints { get; } = new(100);

    public Ledger Ledger { get; } = new(Math.Max(options.KeepObjects * 2, 1_000_000));

    /// <summary>Stores what happened and hands it to the webhooks. The object is immutable, so the event keeps it as it is now.</summary>
    public void Announce(string type, object subject, StripeRequest request)
    {
        var receivers = WebhookEndpoints.Count == 0 ? [] : WebhookEndpoints.NewestFirst().Where(endpoint => endpoint.Wants(type)).ToList();
        var happened = new StripeEvent
        {
            Id = Ids.New("evt"),
            ApiVersion = StripeRoutes.PinnedVersion,
            Created = Now,
            Data = new EventData(subject),
            PendingWebhooks = receivers.Count,
            Request = new EventRequest(request.RequestId.Length == 0 ? null : request.RequestId, request.IdempotencyKey),
            Type = type,
        };
        Events.Add(happened);
        foreach (var endpoint in receivers) webhooks.Send(happened, endpoint);
    }
}
