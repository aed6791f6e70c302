using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Participants.Orders;

/// <summary>
/// Money that goes back after the order was paid. Of one payment never more goes back than it brought: what is asked back and has not failed counts as gone.
/// </summary>
public sealed partial record Order
{
    private const string Difference = "order-changed";

    /// <summary>What of the paid amount may still be asked back.</summary>
    public long Refundable => PaymentId is { } payment ? Math.Max(0, Amount - LiveRefunds(payment, ofDifference: false) - Claimed(payment)) : 0;

    /// <summary>What is asked back of the paid amount and did not fail.</summary>
    public long Refunded => PaymentId is { } payment ? LiveRefunds(payment, ofDifference: false) : 0;

    /// <summary>The organiser gives everything back that is left. A refund that failed is tried again under a new refund id.</summary>
    public Decision<OrderEvent> RefundAll(Guid refundId, DateTimeOffset now)
    {
        if (Details is null)
        {
            return Unknown;
        }

        if (IsDone(refundId))
        {
            return Decision.Nothing;
        }

        if (HasTickets)
        {
            return TakeBack(refundId, Valid(), Refundable, PaymentId is null ? "cancelled-by-organizer" : "requested", now);
        }

        var failed = Refunds.FirstOrDefault(refund => MayRetry(refund.Value));
        return this switch
        {
            _ when failed.Value is not null => Retry(refundId, failed.Key),
            { PaymentId: not null, Refundable: > 0 } => Ask(refundId, Refundable, "requested"),
            { Status: OrderStatus.Cancelled, ClosedBecause: "cancelled-by-organizer" } when Amount == 0 => Decision.Nothing,
            _ when ConfirmedAt is not null && PaymentId is not null => Refusal.Conflict("already-refunded", "The order's money is on its way back already."),
            _ => NothingToRefund,
        };
    }

    /// <summary>The organiser takes chosen tickets back: they die, and their price goes back, as far as it has not gone back before.</summary>
    public Decision<OrderEvent> RefundTickets(Guid refundId, IReadOnlyList<Guid> ticketIds, DateTimeOffset now)
    {
        if (Details is null)
        {
            return Unknown;
        }

        var meant = new List<OrderedTicket>(ticketIds.Count);
        for (var index = 0; index < ticketIds.Count; index++)
        {
            if (TicketOf(ticketIds[index]) is not { } ticket)
            {
                return Refusal.Unprocessable("ticket-unknown", "The order has no such ticket.", $"ticketIds[{index}]");
            }

            if (!meant.Contains(ticket))
            {
                meant.Add(ticket);
            }
        }

        return this switch
        {
            _ when meant.Count > 0 && meant.TrueForAll(ticket => ticket.VoidedBy == refundId) => Decision.Nothing,
            // All of them at once, by this refund.
            _ when Refunds.ContainsKey(refundId) && meant.Count == Tickets.Count && meant.TrueForAll(ticket => ticket is { IsVoid: true, VoidedBy: null }) =>
                Decision.Nothing,
            _ when IsDone(refundId) => IdTaken,
            { ConfirmedAt: null } => NothingToRefund,
            _ when meant.Exists(ticket => ticket.IsVoid) => Refusal.Conflict("ticket-void", "One of these tickets was refunded or cancelled before."),
            _ => TakeBack(refundId, meant, PriceOf(meant), PaymentId is null ? "cancelled-by-organizer" : "requested", now),
        };
    }

    /// <summary>The organiser gives money back and the tickets stay good.</summary>
    /// <param name="amount">In minor units.</param>
    public Decision<OrderEvent> RefundAmount(Guid refundId, long amount) => this switch
    {
        { Details: null } => Unknown,
        _ when Refunds.GetValueOrDefault(refundId) is { Reason: "goodwill" } same && same.Amount == amount => Decision.Nothing,
        _ when IsDone(refundId) => IdTaken,
        { PaymentId: null } => NothingToRefund,
        _ when amount <= 0 => Refusal.Invalid("amount-invalid", "Give back at least one minor unit.", "amount"),
        _ when amount > Refundable => Refusal.Conflict("refund-exceeds-rest", "No more can go back than was paid and is still here.") with
        {
            Field = "amount", Details = new Dictionary<string, object?> { ["refundable"] = Refundable },
        },
        _ => Ask(refundId, amount, "goodwill"),
    };

    /// <summary>A refund that failed is tried again, under a new id.</summary>
    public Decision<OrderEvent> RetryRefund(Guid refundId, Guid failedId) => this switch
    {
        { Details: null } => Unknown,
        _ when IsDone(refundId) => Decision.Nothing,
        _ when !Refunds.ContainsKey(failedId) => RefundUnknown,
        _ when !MayRetry(Refunds[failedId]) => Refusal.Conflict("refund-not-failed", "This refund did not fail, or another took its place."),
        _ => Retry(refundId, failedId),
    };

    /// <summary>The event is cancelled.</summary>
    public Decision<OrderEvent> Withdraw(DateTimeOffset now) => this switch
    {
        { Details: null } => Decision.Nothing,
        { Status: OrderStatus.Placed } => new OrderCancelled("event-cancelled", now),
        { HasTickets: true } => TakeBack(PaymentId is { } payment ? RefundIdOf(payment) : Guid.Empty, Valid(), Refundable, "event-cancelled", now),
        _ => Decision.Nothing,
    };

    private static Refusal NothingToRefund { get; } = Refusal.Conflict("nothing-to-refund", "The order was not paid.");

    private static Refusal IdTaken { get; } = Refusal.Conflict("refund-id-taken", "This refund id was used for another refund. Use a fresh one.");

    private OrderedTicket[] Valid() => [.. Tickets.Where(ticket => !ticket.IsVoid)];

    private bool IsDone(Guid refundId) => Refunds.ContainsKey(refundId) || Tickets.Exists(ticket => ticket.VoidedBy == refundId);

    /// <param name="amount">At most: what has gone back before does not go back again.</param>
    private Decision<OrderEvent> TakeBack(Guid refundId, IReadOnlyList<OrderedTicket> tickets, long amount, string reason, DateTimeOffset now)
    {
        List<OrderEvent> events = [tickets.Count == Tickets.Count ? new TicketsVoided(reason, now) : new TicketsTakenBack(IdsOf(tickets), refundId, reason, now)];
        var money = Math.Min(amount, Refundable);
        if (money > 0)
        {
            events.Add(new RefundRequested(refundId, PaymentId!.Value, money, Details!.Currency, reason));
        }
        else if (PaymentId is null && tickets.Count == Valid().Length)
        {
            events.Add(new OrderCancelled(reason, now));
        }

        return events;
    }

    private RefundRequested Ask(Guid refundId, long amount, string reason) => new(refundId, PaymentId!.Value, amount, Details!.Currency, reason);

    private RefundRequested Retry(Guid refundId, Guid failedId)
    {
        var failed = Refunds[failedId];
        return new RefundRequested(refundId, failed.PaymentId, failed.Amount, failed.Currency, failed.Reason) { Retries = failedId };
    }

    private bool MayRetry(Refund refund)
    {
        if (refund is not { Status: RefundStatus.Failed, IsRetried: false })
        {
            return false;
        }

        var isDifference = refund.Reason == Difference;
        var brought = refund.PaymentId != PaymentId ? Refunds.Values.Where(other => other.PaymentId == refund.PaymentId).Max(other => other.Amount)
            : isDifference ? Received - Amount
            : Amount;
        return LiveRefunds(refund.PaymentId, isDifference) + (isDifference ? 0 : Claimed(refund.PaymentId)) + refund.Amount <= brought;
    }

    /// <summary>What a bank asks for, or took.</summary>
    private long Claimed(Guid paymentId) => Disputes.Values
        .Where(dispute => dispute.PaymentId == paymentId && dispute.Status is not DisputeStatus.Won).Sum(dispute => dispute.Amount);

    private long LiveRefunds(Guid paymentId, bool ofDifference) => Refunds.Values
        .Where(refund => refund.PaymentId == paymentId && refund.Status is not RefundStatus.Failed && refund.Reason == Difference == ofDifference)
        .Sum(refund => refund.Amount);

    private Order WithRetried(Guid? refundId) => refundId is { } failed && Refunds.TryGetValue(failed, out var refund)
        ? this with { Refunds = Refunds.SetItem(failed, refund with { IsRetried = true }) }
        : this;

    /// <summary>Only refunds of what the tickets cost are the order's own; one of a surplus payment, or of a difference, leaves its status alone.</summary>
    private Order With(Guid refundId, Refund refund)
    {
        var state = this with { Refunds = Refunds.SetItem(refundId, refund) };
        return refund.PaymentId == PaymentId && refund.Reason != Difference ? state.WithMoneyStatus() : state;
    }

    private Order WithMoneyStatus()
    {
        if (PaymentId is null)
        {
            return this;
        }

        var own = Refunds.Values.Where(refund => refund.PaymentId == PaymentId && refund.Reason != Difference).ToArray();
        var isPending = own.Any(refund => refund.Status is RefundStatus.Pending);
        return this with
        {
            Status = own.Any(MayRetry) ? OrderStatus.RefundFailed
                : Refundable == 0 && Refunded > 0 ? isPending ? OrderStatus.RefundPending : OrderStatus.Refunded
                : Refunded == 0 && !HasTickets ? OrderStatus.Cancelled
                : Refunded > 0 || Tickets.Exists(ticket => ticket.IsVoid) ? OrderStatus.PartiallyRefunded
                : OrderStatus.Confirmed,
        };
    }
}
