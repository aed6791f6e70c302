using System.ComponentModel.DataAnnotations;

namespace EventFly.StripeSimulator;

public sealed class SimulatorOptions
{
    /// <summary>The only secret key that is let in. Without it any key that starts with sk_test_ is.</summary>
    public string? SecretKey { get; set; }

    /// <summary>How many objects of each kind are kept; the oldest go first.</summary>
    [Range(100, 5_000_000)]
    public int KeepObjects { get; set; } = 200_000;

    /// <summary>Where a buyer's browser finds this process, if not under the address that the API was called on.</summary>
    public Uri? PublicUrl { get; set; }
}

internal sealed class WebhookOptions
{
    public Uri? Url { get; set; }

    public string Secret { get; set; } = "whsec_simulator";

    /// <summary>Comma-separated event types, or *.</summary>
    public string Events { get; set; } =
        "payment_intent.succeeded,payment_intent.payment_failed,payment_intent.processing,payment_intent.canceled,"
        + "setup_intent.succeeded,setup_intent.setup_failed,"
        + "charge.refunded,refund.created,refund.updated,refund.failed,"
        + "charge.dispute.created,charge.dispute.updated,charge.dispute.closed,charge.dispute.funds_withdrawn,"
        + "charge.dispute.funds_reinstated,"
        + "checkout.session.completed,checkout.session.expired,"
        + "customer.subscription.created,customer.subscription.updated,customer.subscription.deleted,"
        + "invoice.paid,invoice.payment_failed";

    [Range(1, 5_000_000)]
    public int QueueLimit { get; set; } = 200_000;

    [Range(1, 256)]
    public int Senders { get; set; } = 16;

    [Range(1, 100)]
    public int Attempts { get; set; } = 12;

    [Range(1, 600_000)]
    public int FirstRetryMs { get; set; } = 500;

    [Range(1, 3_600_000)]
    public int LongestRetryMs { get; set; } = 60_000;

    [Range(1, 120_000)]
    public int TimeoutMs { get; set; } = 10_000;
}
