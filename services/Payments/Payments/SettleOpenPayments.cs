using EventFly.BuildingBlocks.Documents;
using EventFly.Payments.PayableOrders;
using Microsoft.Extensions.Options;

namespace EventFly.Payments.Payments;

/// <summary>
/// Looks after attempts without an outcome: answers that were lost, crashes, webhooks that never came, orders that closed. An attempt that stays
/// open (a buyer at the bank's page) is asked about at growing distances.
/// </summary>
internal sealed class SettleOpenPayments(
    Documents<PayableOrder> orders, TakePayment payments, TimeProvider clock, IOptions<PaymentsOptions> options, ILogger<SettleOpenPayments> logger)
    : Sweep<PayableOrder>(orders, "openSince", options.Value.SettleAfter, clock, options.Value, logger)
{
    private readonly Documents<PayableOrder> orders = orders;
    private readonly TimeProvider clock = clock;
    private readonly AskingLater later = new(clock, options.Value.SettleAfter);

    protected override bool IsDue(PayableOrder body) => body.ClosedBecause is not null || later.IsDue(body.Open!.PaymentId);

    protected override async Task LookAfter(PayableOrder body, CancellationToken cancellationToken)
    {
        var open = body.Open!;
        var (payment, _) = await payments.Settle(body.OrderId, open.PaymentId, cancellationToken);
        if (payment.Status is PaymentStatus.RequiresAction or PaymentStatus.Processing) later.Ask(open.PaymentId, open.Since);
    }

    protected override async Task Conclude(IReadOnlyList<PayableOrder> seen, CancellationToken cancellationToken)
    {
        later.KeepOnly([.. seen.Select(order => order.Open!.PaymentId)]);
        PaymentMetrics.Open(await orders.Count(PayableOrder.OpenBefore(clock.GetUtcNow()), cancellationToken));
    }

    /// <summary>When to ask again about what stays open: after as long again as half of its age.</summary>
    private sealed class AskingLater(TimeProvider clock, TimeSpan least)
    {
        private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

        private readonly Dictionary<Guid, DateTimeOffset> due = [];
        private readonly Lock gate = new();

        public bool IsDue(Guid paymentId)
        {
            lock (gate) return !due.TryGetValue(paymentId, out var time) || time <= clock.GetUtcNow();
        }

        public void Ask(Guid paymentId, DateTimeOffset since)
        {
            var now = clock.GetUtcNow();
            var distance = TimeSpan.FromTicks(Math.Clamp((now - since).Ticks / 2, least.Ticks, Longest.Ticks));
            lock (gate) due[paymentId] = now + distance;
        }

        public void KeepOnly(HashSet<Guid> open)
        {
            lock (gate)
            {
                foreach (var gone in due.Keys.Where(paymentId => !open.Contains(paymentId)).ToList()) due.Remove(gone);
            }
        }
    }
}
