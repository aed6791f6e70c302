using EventFly.BuildingBlocks.Documents;
using EventFly.Payments.Payments;

namespace EventFly.Payments.Ledger;

public enum MovementKind
{
    Charge,
    Refund,

    /// <summary>A refund that had gone came back to us.</summary>
    RefundReturn,

    /// <summary>The buyer's bank took the money.</summary>
    Dispute,

    /// <summary>It gave it back.</summary>
    DisputeWon,
}

/// <param name="Account">
/// processor: money that we have there. organization:&lt;id&gt;: what we owe them, so more of it is negative.
/// </param>
/// <param name="Amount">In minor units; positive is debit.</param>
public sealed record Entry(string Account, long Amount);

/// <summary>One movement of money, as double entry: its entries sum to zero. Never changed; what is undone is a movement of its own.</summary>
/// <param name="MovementId">Derived from what moved, so that writing it again is the same movement.</param>
/// <param name="ProcessorId">The charge, refund or dispute at the processor, to compare with.</param>
public sealed record Movement(
    string MovementId, MovementKind Kind, Guid PaymentId, Guid OrderId, Guid EventId, Guid OrganizationId, string ProcessorId, string Currency,
    IReadOnlyList<Entry> Entries, DateTimeOffset RecordedAt)
{
    public const string Processor = "processor";

    public static DocumentType<Movement> Type { get; } = new DocumentType<Movement>("ledger_movements", movement => movement.MovementId)
        .Text("paymentId", movement => movement.PaymentId.ToString("N"))
        .Text("organizationId", movement => movement.OrganizationId.ToString("N"))
        .Time("recordedAt", movement => movement.RecordedAt)
        .Index("paymentId")
        .Index("organizationId", "recordedAt")
        .Index("recordedAt");

    /// <summary>Everything that moved for a payment so far.</summary>
    public static IReadOnlyList<Movement> Of(Payment payment, DateTimeOffset now)
    {
        if (payment is not { Start: { } start, Status: PaymentStatus.Succeeded, ChargeId: { } charge }) return [];

        var movements = new List<Movement>();
        Add($"charge-{start.PaymentId:N}", MovementKind.Charge, charge, payment.Received);
        foreach (var refund in payment.Refunds.Where(refund => refund is { HasGone: true, ProcessorId: not null }))
        {
            Add($"refund-{refund.RefundId:N}", MovementKind.Refund, refund.ProcessorId!, -refund.Amount);
            if (refund.Status is RefundStatus.Failed) Add($"refund-return-{refund.RefundId:N}", MovementKind.RefundReturn, refund.ProcessorId!, refund.Amount);
        }

        foreach (var (id, refund) in payment.OutsideRefunds.Where(refund => refund.Value.HasGone))
        {
            Add($"refund-{id}", MovementKind.Refund, id, -refund.Amount);
            if (refund.Status is RefundStatus.Failed) Add($"refund-return-{id}", MovementKind.RefundReturn, id, refund.Amount);
        }

        // A warning is a question of the bank; no money moves.
        foreach (var (id, dispute) in payment.Disputes.Where(dispute => !dispute.Value.Status.StartsWith("warning", StringComparison.Ordinal)))
        {
            Add($"dispute-{id}", MovementKind.Dispute, id, -dispute.Amount);
            if (dispute.Status is "won") Add($"dispute-won-{id}", MovementKind.DisputeWon, id, dispute.Amount);
        }

        return movements;

        void Add(string id, MovementKind kind, string processorId, long amount) => movements.Add(new Movement(
            id, kind, start.PaymentId, start.OrderId, start.EventId, start.OrganizationId, processorId, start.Currency,
            [new Entry(Processor, amount), new Entry($"organization:{start.OrganizationId:N}", -amount)], now));
    }
}
