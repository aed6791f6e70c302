using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace EventFly.Payments;

internal static class PaymentMetrics
{
    private static readonly Meter Meter = new("EventFly.Payments");

    private static readonly Counter<long> Payments =
        Meter.CreateCounter<long>("eventfly.payments.settled", "{payment}", "Attempts to pay by outcome (succeeded, failed, cancelled).");

    private static readonly Counter<long> Refunds =
        Meter.CreateCounter<long>("eventfly.payments.refunds", "{refund}", "Refunds by outcome (succeeded, failed).");

    private static readonly Counter<long> Disputes =
        Meter.CreateCounter<long>("eventfly.payments.disputes", "{dispute}", "Steps of disputes that were heard of, by status.");

    private static readonly Counter<long> Webhooks =
        Meter.CreateCounter<long>("eventfly.payments.webhooks", "{event}", "Webhooks by what they came to (effect, nothing, not-ours, refused).");

    private static readonly Histogram<double> WebhookLag =
        Meter.CreateHistogram<double>("eventfly.payments.webhook.lag", "s", "From the event at the processor until its effect is stored here.");

    private static readonly ConcurrentDictionary<string, long> DifferencesByKind = new();
    private static long openPayments;
    private static long openRefunds;
    private static readonly ConcurrentDictionary<string, long> AlertsByKind = new();

    static PaymentMetrics()
    {
        Meter.CreateObservableGauge(
            "eventfly.payments.differences",
            static () => DifferencesByKind.Select(kind => new Measurement<long>(kind.Value, new KeyValuePair<string, object?>("kind", kind.Key))), "{difference}",
            "Where books, orders and processor do not agree, by kind. Must be 0.");
        Meter.CreateObservableGauge("eventfly.payments.open", static () => Interlocked.Read(ref openPayments), "{payment}", "Attempts that are not seen through yet.");
        Meter.CreateObservableGauge("eventfly.payments.refunds.open", static () => Interlocked.Read(ref openRefunds), "{refund}", "Refunds without an outcome.");
        Meter.CreateObservableGauge(
            "eventfly.payments.alerts",
            static () => AlertsByKind.Select(kind => new Measurement<long>(kind.Value, new KeyValuePair<string, object?>("kind", kind.Key))), "{alert}",
            "What somebody has to look at, by kind. Must be 0.");
    }

    public static void Differences(string kind, long differences) => DifferencesByKind[kind] = differences;

    public static void PaymentSettled(string outcome) => Payments.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void RefundSettled(string outcome) => Refunds.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void DisputeHeardOf(string status) => Disputes.Add(1, new KeyValuePair<string, object?>("status", status));

    public static void WebhookTaken(string outcome, TimeSpan? lag = null)
    {
        Webhooks.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        if (lag is { } time) WebhookLag.Record(Math.Max(0, time.TotalSeconds));
    }

    public static void Open(long payments) => Interlocked.Exchange(ref openPayments, payments);

    public static void Alerts(string kind, long alerts) => AlertsByKind[kind] = alerts;

    public static void OpenRefunds(long refunds) => Interlocked.Exchange(ref openRefunds, refunds);
}
