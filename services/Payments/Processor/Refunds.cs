namespace EventFly.Payments.Processor;

public enum RefundReason { RequestedByCustomer, Duplicate, Fraudulent }

/// <param name="RefundId">Ours; kept at the processor.</param>
/// <param name="Amount">Null: all that is left.</param>
public sealed record NewRefund(
    string PaymentId, Guid RefundId, string Currency, long? Amount = null, RefundReason Reason = RefundReason.RequestedByCustomer,
    PaymentReference? Reference = null);

/// <param name="PaymentId">The processor's payment.</param>
/// <param name="RefundId">Null: not made by us, for example in the processor's dashboard.</param>
/// <param name="Reference">What was paid; null where the refund does not carry it.</param>
public sealed record ProcessorRefund(
    string Id, RefundOutcome Outcome, string? PaymentId, string? ChargeId, Guid? RefundId, long Amount, string Currency, DateTimeOffset CreatedAt,
    PaymentReference? Reference = null);

/// <param name="Refund">Null only when rejected.</param>
public sealed record RefundResult(RefundOutcome Outcome, ProcessorRefund? Refund);

public abstract record RefundOutcome
{
    private RefundOutcome()
    {
    }

    public sealed record Succeeded : RefundOutcome;

    /// <summary>On its way; the answer comes by webhook.</summary>
    public sealed record Pending : RefundOutcome;

    /// <summary>The money came back to us, also after it had succeeded; the buyer must be paid another way.</summary>
    public sealed record Failed(string? Reason) : RefundOutcome;

    public sealed record Canceled : RefundOutcome;

    /// <summary>More than is left, refunded already, disputed, never paid.</summary>
    public sealed record Rejected(string Code, string Message, string? Parameter) : RefundOutcome;
}
