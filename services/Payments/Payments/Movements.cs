using EventFly.Payments.Ledger;

namespace EventFly.Payments.Payments;

/// <summary>
/// What a payment's facts are in the books. Each movement is a function of facts that do not change any more and has its id from them, so it may be
/// derived again at any time and is the same.
/// </summary>
internal static class Movements
{
    public static string IdOfCharge(Guid paymentId) => $"charge-{paymentId:N}";

    public static string IdOfRefund(Guid refundId) => $"refund-{refundId:N}";

    public static string IdOfOutsideRefund(string processorId) => $"refund-{processorId}";

    public static string IdOfDispute(string disputeId) => $"dispute-{disputeId}";

    /// <summary>Everything that moved for a payment so far.</summary>
    public static IReadOnlyList<Movement> Of(Payment payment, DateTimeOffset now)
    {
        if (payment is not { Start: { } start, Status: PaymentStatus.Succeeded, ChargeId: { } charge }) return [];

        var fee = Math.Min(start.Fee?.Amount ?? 0, payment.Received);
        var movements = new List<Movement>();
        var kept = payment.ProcessorFee is { IsLate: false } known ? known.Amount : 0;
        Add(IdOfCharge(start.PaymentId), MovementKind.Charge, charge,
        [
            new(Accounts.Processor, payment.Received - kept), new(Accounts.ProcessorFees, kept),
            new(Accounts.Payable, fee - payment.Received), new(Accounts.PlatformFees, -fee),
        ]);
        if (payment.ProcessorFee is { IsLate: true } late)
        {
            Add($"processor-fee-{start.PaymentId:N}", MovementKind.ProcessorFee, charge,
                [new(Accounts.Processor, -late.Amount), new(Accounts.ProcessorFees, late.Amount)]);
        }

        foreach (var refund in payment.Refunds.Where(refund => refund is { HasGone: true, ProcessorId: not null }))
        {
            var isSale = refund.Reason is not ("sale-refused" or "surplus-payment" or "order-changed");
            AddRefund(IdOfRefund(refund.RefundId), refund.ProcessorId!, refund.Amount, !isSale || start.Fee?.IsReturned is true, refund.Status);
        }

        foreach (var (id, refund) in payment.OutsideRefunds.Where(refund => refund.Value.HasGone))
        {
            AddRefund(IdOfOutsideRefund(id), id, refund.Amount, start.Fee?.IsReturned is true, refund.Status);
        }

        foreach (var (id, dispute) in payment.Disputes)
        {
            if (dispute.Withdrawn > 0)
            {
                Add(IdOfDispute(id), MovementKind.Dispute, id,
                [
                    new(Accounts.Processor, -dispute.Withdrawn - dispute.Fee), new(Accounts.Disputes, dispute.Withdrawn),
                    new(Accounts.DisputeFees, dispute.Fee),
                ]);
            }

            if (dispute.Reinstated > 0)
            {
                Add($"dispute-won-{id}", MovementKind.DisputeWon, id,
                [
                    new(Accounts.Processor, dispute.Reinstated + dispute.FeeReturned), new(Accounts.Disputes, -dispute.Reinstated),
                    new(Accounts.DisputeFees, -dispute.FeeReturned),
                ]);
            }
        }

        return movements;

        void AddRefund(string id, string processorId, long amount, bool isFeeReturned, RefundStatus status)
        {
            // Rounded down for each refund by itself, so that it does not matter in which order they go.
            var returned = isFeeReturned && payment.Received > 0 ? (long)((Int128)fee * amount / payment.Received) : 0;
            List<Entry> entries =
            [
                new(Accounts.Processor, -amount), new(Accounts.Refunds, amount), new(Accounts.PlatformFees, returned), new(Accounts.Payable, -returned),
            ];
            Add(id, MovementKind.Refund, processorId, entries);
            if (status is RefundStatus.Failed)
            {
                Add(id.Replace("refund-", "refund-return-", StringComparison.Ordinal), MovementKind.RefundReturn, processorId,
                    [.. entries.Select(entry => entry with { Amount = -entry.Amount })]);
            }
        }

        void Add(string id, MovementKind kind, string processorId, IReadOnlyList<Entry> entries) => movements.Add(new Movement(
            id, kind, start.PaymentId, start.OrderId, start.EventId, start.OrganizationId, processorId, start.Currency,
            [.. entries.Where(entry => entry.Amount != 0)], now));
    }
}
