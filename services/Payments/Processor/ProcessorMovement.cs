namespace EventFly.Payments.Processor;

public enum ProcessorMovementKind
{
    Charge,
    Refund,
    RefundReturn,
    Dispute,
    DisputeWon,

    /// <summary>Nothing that a buyer or a bank caused: a payout, a bill of the processor.</summary>
    Other,
}

/// <summary>One line of the processor's own book of our money.</summary>
/// <param name="SourceId">The charge, refund or dispute.</param>
/// <param name="Amount">In minor units, without the fee; negative is out.</param>
/// <param name="Fee">What the processor kept; negative is what it gave back.</param>
/// <param name="Currency">In which it was booked; not always the buyer's.</param>
public sealed record ProcessorMovement(
    string Id, string? SourceId, ProcessorMovementKind Kind, long Amount, long Fee, string Currency, DateTimeOffset CreatedAt);
