using System.Text.Json.Serialization;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Payments.Ledger;

public enum MovementKind
{
    /// <summary>A buyer paid: the money, what of it is the organisation's, our fee, and the processor's where it is known by then.</summary>
    Charge,

    /// <summary>What the processor kept of a charge, where it was told later than the charge.</summary>
    ProcessorFee,

    Refund,

    /// <summary>A refund that had gone came back to us.</summary>
    RefundReturn,

    /// <summary>The buyer's bank took the money.</summary>
    Dispute,

    /// <summary>It gave it back.</summary>
    DisputeWon,
}

/// <param name="Account">One of <see cref="Accounts"/>.</param>
/// <param name="Amount">In minor units; positive is debit.</param>
public sealed record Entry(string Account, long Amount);

/// <summary>One movement of money, as double entry: its entries sum to zero. Never changed; what is undone is a movement of its own.</summary>
/// <param name="MovementId">Derived from what moved, so that writing it again is the same movement.</param>
/// <param name="ProcessorId">The charge, refund or dispute at the processor, to compare with.</param>
/// <param name="Currency">Of all entries: a movement between currencies would be two.</param>
public sealed record Movement(
    string MovementId, MovementKind Kind, Guid PaymentId, Guid OrderId, Guid EventId, Guid OrganizationId, string ProcessorId, string Currency,
    IReadOnlyList<Entry> Entries, DateTimeOffset RecordedAt)
{
    public static DocumentType<Movement> Type { get; } = new DocumentType<Movement>("ledger_movements", movement => movement.MovementId)
        .Text("orderId", movement => movement.OrderId.ToString("N"))
        .Text("eventId", movement => movement.EventId.ToString("N"))
        .Text("organizationId", movement => movement.OrganizationId.ToString("N"))
        .Text("processorId", movement => movement.ProcessorId)
        .Time("recordedAt", movement => movement.RecordedAt)
        .Index("orderId", "recordedAt")
        .Index("eventId", "recordedAt")
        .Index("organizationId", "recordedAt")
        .Index("processorId")
        .Index("recordedAt");

    [JsonIgnore]
    public bool IsBalanced => Entries.Sum(entry => entry.Amount) == 0;

    public long On(string account) => Entries.Where(entry => entry.Account == account).Sum(entry => entry.Amount);
}
