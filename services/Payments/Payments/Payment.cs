using System.Collections.Immutable;
using System.Diagnostics;
using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Payments.Payments;

public abstract record PaymentEvent;

/// <summary>Stored before the processor hears of it. With the same values it may be asked for again, and takes the money once.</summary>
/// <param name="Amount">In minor units.</param>
/// <param name="Currency">ISO 4217, upper case.</param>
/// <param name="PaymentMethodId">The processor's token; never card data.</param>
/// <param name="ReturnUrl">Where the buyer comes back to from the bank.</param>
public sealed record PaymentStarted(
    Guid PaymentId, Guid OrderId, Guid EventId, Guid OrganizationId, Guid BuyerId, long Amount, string Currency, string PaymentMethodId,
    Uri ReturnUrl, DateTimeOffset At) : PaymentEvent
{
    /// <summary>Our fee, as the terms were when the attempt began. Null: none was agreed.</summary>
    public LockedFee? Fee { get; init; }
}

/// <param name="Package">Whose schedule it is by.</param>
/// <param name="Amount">In minor units.</param>
/// <param name="IsReturned">Whether a refund that the organiser makes returns its share of the fee. Where there was no sale it is returned in any case.</param>
public sealed record LockedFee(string Package, long Amount, bool IsReturned);

/// <param name="Url">The bank's page.</param>
public sealed record PaymentRequiresAction(string ProcessorId, Uri? Url) : PaymentEvent;

public sealed record PaymentProcessing(string ProcessorId) : PaymentEvent;

/// <summary>The money is here. A movement: a charge.</summary>
/// <param name="Amount">What was received.</param>
public sealed record PaymentSucceeded(string ProcessorId, string ChargeId, long Amount, string Currency) : PaymentEvent
{
    /// <summary>What the processor kept of it, where it said so at once.</summary>
    public long? ProcessorFee { get; init; }
}

/// <summary>What the processor kept of a charge, told later than the charge. A movement.</summary>
public sealed record ProcessorFeeSeen(string ChargeId, long Amount) : PaymentEvent;

/// <param name="ProcessorId">Null: refused before anything came into being at the processor.</param>
public sealed record PaymentFailed(string? ProcessorId, string Code, string Message) : PaymentEvent;

/// <param name="ProcessorId">Null: the processor never heard of it.</param>
public sealed record PaymentCancelled(string? ProcessorId, string Reason) : PaymentEvent;

/// <summary>Stored before the processor hears of it.</summary>
public sealed record RefundStarted(Guid RefundId, long Amount, string Reason, DateTimeOffset At) : PaymentEvent;

/// <summary>On its way.</summary>
public sealed record RefundAccepted(Guid RefundId, string ProcessorId) : PaymentEvent;

/// <summary>The money went back. A movement: a refund.</summary>
public sealed record RefundSucceeded(Guid RefundId, string ProcessorId, long Amount) : PaymentEvent;

/// <summary>The money did not go back, or came back to us after it had gone: then a movement, the reverse of the refund.</summary>
/// <param name="ProcessorId">Null: refused before anything came into being at the processor.</param>
public sealed record RefundFailed(Guid RefundId, string? ProcessorId, string Code) : PaymentEvent;

/// <summary>A refund that was not asked for here, for example made in the processor's dashboard. A movement when it succeeded, or failed after that.</summary>
public sealed record OutsideRefundSeen(string ProcessorId, long Amount, RefundStatus Status) : PaymentEvent;

/// <summary>The buyer's bank asks for the money. A movement when it has gone, another one when it has come back.</summary>
public sealed record DisputeSeen(string DisputeId, string ChargeId, long Amount, string Reason, string Status) : PaymentEvent
{
    /// <summary>Until when the bank listens to the seller.</summary>
    public DateTimeOffset? EvidenceDueBy { get; init; }

    /// <summary>What has gone so far, without fees. Null: not told; then it goes with every dispute that is more than a warning.</summary>
    public long? Withdrawn { get; init; }

    /// <summary>What has come back so far, without fees. Null: not told; then it comes with a dispute that is won.</summary>
    public long? Reinstated { get; init; }

    /// <summary>What the processor kept for the dispute.</summary>
    public long Fee { get; init; }

    /// <summary>What it returned of that.</summary>
    public long FeeReturned { get; init; }
}

/// <summary>The events before it, in the same commit, are the effect of this event of the processor.</summary>
public sealed record ProcessorEventTaken(string ProcessorEventId, string Type, DateTimeOffset At) : PaymentEvent;

public enum PaymentStatus
{
    NotStarted,
    Started,
    RequiresAction,
    Processing,
    Succeeded,
    Failed,
    Cancelled,
}

public enum RefundStatus
{
    Started,
    Processing,
    Succeeded,
    Failed,
}

/// <param name="HasGone">The money had left us, also if it came back after that.</param>
public sealed record Refund(
    Guid RefundId, long Amount, string Reason, DateTimeOffset At, RefundStatus Status, string? ProcessorId, string? Code, bool HasGone);

/// <param name="HasGone">The money had left us, also if it came back after that.</param>
public sealed record OutsideRefund(long Amount, RefundStatus Status, bool HasGone);

/// <param name="Withdrawn">What has gone, in minor units, without fees.</param>
/// <param name="Reinstated">What has come back.</param>
public sealed record Dispute(
    string ChargeId, long Amount, string Reason, string Status, DateTimeOffset? EvidenceDueBy, long Withdrawn, long Reinstated, long Fee, long FeeReturned)
{
    public bool IsClosed => Status is "won" or "lost" or "warning_closed" or "prevented";
}

/// <param name="IsLate">It was told later than the charge.</param>
public sealed record ProcessorFee(long Amount, bool IsLate);

/// <summary>
/// One attempt to pay an order. What the processor says comes twice, late and out of order: an attempt only ever goes forward, and that the money
/// is here wins over everything.
/// </summary>
/// <param name="Start">Null before the start.</param>
/// <param name="ProcessorId">The payment's id at the processor, as soon as it is known.</param>
/// <param name="Received">In minor units.</param>
/// <param name="Refunds">In the order in which they were asked for.</param>
public sealed record Payment(
    PaymentStarted? Start,
    PaymentStatus Status,
    string? ProcessorId,
    string? ChargeId,
    long Received,
    Uri? ActionUrl,
    string? Code,
    string? Message,
    ImmutableList<Refund> Refunds,
    ImmutableDictionary<string, OutsideRefund> OutsideRefunds,
    ImmutableDictionary<string, Dispute> Disputes,
    ImmutableHashSet<string> TakenEvents)
    : IAggregate<Payment, PaymentEvent>
{
    private const string RefundTooLarge = "refund-exceeds-payment";

    /// <summary>Null: not known yet.</summary>
    public ProcessorFee? ProcessorFee { get; init; }

    public static Payment Initial { get; } = new(
        null, PaymentStatus.NotStarted, null, null, 0, null, null, null, [], ImmutableDictionary<string, OutsideRefund>.Empty,
        ImmutableDictionary<string, Dispute>.Empty, []);

    /// <summary>Started, and no outcome yet.</summary>
    public bool IsOpen => Status is PaymentStatus.Started or PaymentStatus.RequiresAction or PaymentStatus.Processing;

    public bool HasOutcome => Status is PaymentStatus.Succeeded or PaymentStatus.Failed or PaymentStatus.Cancelled;

    public long Refunded =>
        Refunds.Where(refund => refund.Status is RefundStatus.Succeeded).Sum(refund => refund.Amount)
        + OutsideRefunds.Values.Where(refund => refund.Status is RefundStatus.Succeeded).Sum(refund => refund.Amount);

    /// <summary>What may still be asked back: refunds under way count as gone.</summary>
    public long Refundable =>
        Received
        - Refunds.Where(refund => refund.Status is not RefundStatus.Failed).Sum(refund => refund.Amount)
        - OutsideRefunds.Values.Where(refund => refund.Status is not RefundStatus.Failed).Sum(refund => refund.Amount);

    public Decision<PaymentEvent> Begin(PaymentStarted start) => this switch
    {
        { Start: null, Status: PaymentStatus.NotStarted } => start,
        { Start: { } mine } when mine with { Amount = start.Amount, Currency = start.Currency, At = start.At, Fee = start.Fee } == start => Decision.Nothing,
        _ => IdTaken,
    };

    /// <summary>For an attempt that took the order's place and never began: it never will.</summary>
    public Decision<PaymentEvent> Forestall() =>
        Status is PaymentStatus.NotStarted ? new PaymentCancelled(null, "never-started") : Decision.Nothing;

    public Decision<PaymentEvent> RequireAction(string processorId, Uri? url) =>
        Status is PaymentStatus.Started || (Status is PaymentStatus.RequiresAction && ActionUrl is null && url is not null)
            ? new PaymentRequiresAction(processorId, url)
            : Decision.Nothing;

    public Decision<PaymentEvent> Process(string processorId) =>
        Status is PaymentStatus.Started or PaymentStatus.RequiresAction ? new PaymentProcessing(processorId) : Decision.Nothing;

    public Decision<PaymentEvent> Succeed(string processorId, string chargeId, long amount, string currency, long? processorFee = null) =>
        Start is not null && Status is not PaymentStatus.Succeeded
            ? new PaymentSucceeded(processorId, chargeId, amount, currency) { ProcessorFee = processorFee }
            : Decision.Nothing;

    public Decision<PaymentEvent> SeeProcessorFee(string chargeId, long amount) =>
        Status is PaymentStatus.Succeeded && ChargeId == chargeId && ProcessorFee is null ? new ProcessorFeeSeen(chargeId, amount) : Decision.Nothing;

    public Decision<PaymentEvent> Fail(string? processorId, string code, string message) =>
        IsOpen ? new PaymentFailed(processorId ?? ProcessorId, code, message) : Decision.Nothing;

    public Decision<PaymentEvent> Cancel(string? processorId, string reason) =>
        IsOpen ? new PaymentCancelled(processorId ?? ProcessorId, reason) : Decision.Nothing;

    /// <summary>An event of the processor, with what it means. It takes effect once; without an effect there is nothing to remember.</summary>
    public Decision<PaymentEvent> Take(ProcessorEventTaken taken, Func<Payment, Decision<PaymentEvent>> effect)
    {
#if SABOTAGE
        // Each delivery is news, whatever is known already.
        if (BuildingBlocks.Sabotage.Breaks("webhook-dedupe") && Start is not null)
        {
            var again = effect(this with
            {
                Status = PaymentStatus.Started, Refunds = Refunds.ConvertAll(static refund => refund with { Status = RefundStatus.Started }),
            });
            if (again.Events.Count > 0) return (PaymentEvent[])[.. again.Events, taken];
        }
#endif
        if (TakenEvents.Contains(taken.ProcessorEventId)) return Decision.Nothing;
        var decision = effect(this);
        return decision.Events.Count == 0 ? decision : (PaymentEvent[])[.. decision.Events, taken];
    }

    public Decision<PaymentEvent> StartRefund(Guid refundId, long amount, string currency, string reason, DateTimeOffset at)
    {
        if (RefundOf(refundId) is not null) return Decision.Nothing;
        if (Status is not PaymentStatus.Succeeded) return Refusal.Conflict("not-paid", "No money is known to have come in.");

        var started = new RefundStarted(refundId, amount, reason, at);
        if (currency != Start!.Currency) return (PaymentEvent[])[started, new RefundFailed(refundId, null, "refund-in-other-currency")];
        if (amount <= 0 || amount > Refundable) return (PaymentEvent[])[started, new RefundFailed(refundId, null, RefundTooLarge)];
        return started;
    }

    public Decision<PaymentEvent> AcceptRefund(Guid refundId, string processorId) =>
        RefundOf(refundId) is { Status: RefundStatus.Started } ? new RefundAccepted(refundId, processorId) : Decision.Nothing;

    /// <summary>Also after a refusal of our own, when the money went all the same; but what the bank sent back stays failed.</summary>
    public Decision<PaymentEvent> SucceedRefund(Guid refundId, string processorId) => RefundOf(refundId) switch
    {
        { Status: RefundStatus.Started or RefundStatus.Processing } refund => new RefundSucceeded(refundId, processorId, refund.Amount),
        { Status: RefundStatus.Failed, ProcessorId: null } refund => new RefundSucceeded(refundId, processorId, refund.Amount),
        _ => Decision.Nothing,
    };

    /// <summary>Also after it had succeeded: the buyer's bank may send the money back.</summary>
    public Decision<PaymentEvent> FailRefund(Guid refundId, string? processorId, string code) =>
        RefundOf(refundId) is { Status: not RefundStatus.Failed } ? new RefundFailed(refundId, processorId, code) : Decision.Nothing;

    public Decision<PaymentEvent> SeeOutsideRefund(string processorId, long amount, RefundStatus status) =>
        OutsideRefunds.GetValueOrDefault(processorId)?.Status is { } known && (known == status || known is RefundStatus.Failed || status < known)
            ? Decision.Nothing
            : new OutsideRefundSeen(processorId, amount, status);

    public Decision<PaymentEvent> SeeDispute(DisputeSeen seen)
    {
        if (Start is null) return Decision.Nothing;
        var known = Disputes.GetValueOrDefault(seen.DisputeId);
        return known is not null && known == After(known, seen) ? Decision.Nothing : seen;
    }

    public Refund? RefundOf(Guid refundId) => Refunds.Find(refund => refund.RefundId == refundId);

    public static Payment Evolve(Payment state, PaymentEvent happened) => happened switch
    {
        PaymentStarted started => state with { Start = started, Status = PaymentStatus.Started },
        PaymentRequiresAction action => state with
        {
            Status = PaymentStatus.RequiresAction, ProcessorId = action.ProcessorId, ActionUrl = action.Url,
        },
        PaymentProcessing processing => state with
        {
            Status = PaymentStatus.Processing, ProcessorId = processing.ProcessorId, ActionUrl = null,
        },
        PaymentSucceeded paid => state with
        {
            Status = PaymentStatus.Succeeded, ProcessorId = paid.ProcessorId, ChargeId = paid.ChargeId, Received = paid.Amount,
            ActionUrl = null, Code = null, Message = null, ProcessorFee = paid.ProcessorFee is { } fee ? new ProcessorFee(fee, IsLate: false) : null,
        },
        ProcessorFeeSeen seen => state with { ProcessorFee = new ProcessorFee(seen.Amount, IsLate: true) },
        PaymentFailed failed => state with
        {
            Status = PaymentStatus.Failed, ProcessorId = failed.ProcessorId, ActionUrl = null, Code = failed.Code, Message = failed.Message,
        },
        PaymentCancelled cancelled => state with
        {
            Status = PaymentStatus.Cancelled, ProcessorId = cancelled.ProcessorId, ActionUrl = null, Code = cancelled.Reason,
        },
        RefundStarted started => state with
        {
            Refunds = state.Refunds.Add(new Refund(started.RefundId, started.Amount, started.Reason, started.At, RefundStatus.Started, null, null, false)),
        },
        RefundAccepted accepted => state.With(accepted.RefundId, RefundStatus.Processing, accepted.ProcessorId, null),
        RefundSucceeded succeeded => state.With(succeeded.RefundId, RefundStatus.Succeeded, succeeded.ProcessorId, null),
        RefundFailed failed => state.With(failed.RefundId, RefundStatus.Failed, failed.ProcessorId, failed.Code),
        OutsideRefundSeen seen => state with
        {
            OutsideRefunds = state.OutsideRefunds.SetItem(seen.ProcessorId, new OutsideRefund(
                seen.Amount, seen.Status,
                seen.Status is RefundStatus.Succeeded || state.OutsideRefunds.GetValueOrDefault(seen.ProcessorId)?.HasGone is true)),
        },
        DisputeSeen seen => state with
        {
            Disputes = state.Disputes.SetItem(seen.DisputeId, After(state.Disputes.GetValueOrDefault(seen.DisputeId), seen)),
        },
        ProcessorEventTaken taken => state with { TakenEvents = state.TakenEvents.Add(taken.ProcessorEventId) },
        _ => throw new UnreachableException(),
    };

    /// <summary>News of a dispute come late and out of order: its end stays its end, and money that moved has moved.</summary>
    private static Dispute After(Dispute? known, DisputeSeen seen)
    {
        var isWarning = seen.Status.StartsWith("warning", StringComparison.Ordinal) || seen.Status is "prevented";
        var withdrawn = seen.Withdrawn ?? (isWarning ? 0 : seen.Amount);
        var reinstated = seen.Reinstated ?? (seen.Status is "won" ? seen.Amount : 0);
        return new Dispute(
            seen.ChargeId, seen.Amount, seen.Reason,
            known is { IsClosed: true } ? known.Status : seen.Status,
            seen.EvidenceDueBy ?? known?.EvidenceDueBy,
            Math.Max(withdrawn, known?.Withdrawn ?? 0), Math.Max(reinstated, known?.Reinstated ?? 0),
            Math.Max(seen.Fee, known?.Fee ?? 0), Math.Max(seen.FeeReturned, known?.FeeReturned ?? 0));
    }

    private static Refusal IdTaken => Refusal.Conflict("payment-id-taken", "This payment id was used for another payment. Use a fresh one.");

    private Payment With(Guid refundId, RefundStatus status, string? processorId, string? code) => this with
    {
        Refunds = Refunds.ConvertAll(refund =>
            refund.RefundId == refundId
                ? refund with { Status = status, ProcessorId = processorId, Code = code, HasGone = refund.HasGone || status is RefundStatus.Succeeded }
                : refund),
    };
}
