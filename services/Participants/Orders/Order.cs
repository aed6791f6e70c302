using System.Collections.Immutable;
using System.Diagnostics;
using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Participants.Orders;

public abstract record OrderEvent;

public sealed record OrderPlaced(OrderDetails Details) : OrderEvent;

/// <param name="PaymentId">Null for a free order.</param>
public sealed record OrderConfirmed(Guid? PaymentId, DateTimeOffset At) : OrderEvent;

/// <summary>A payment was declined; the order stays open for another.</summary>
public sealed record PaymentAttemptFailed(Guid PaymentId, string Code) : OrderEvent;

/// <summary>A payment came and there is nothing to be had for it any more.</summary>
public sealed record SaleRefused(Guid PaymentId, string Reason) : OrderEvent;

/// <summary>A payment came for an order that is paid already.</summary>
public sealed record SurplusPayment(Guid PaymentId) : OrderEvent;

public sealed record OrderExpired(DateTimeOffset At) : OrderEvent;

public sealed record OrderCancelled(string Reason, DateTimeOffset At) : OrderEvent;

public sealed record TicketsVoided(string Reason, DateTimeOffset At) : OrderEvent;

public sealed record RefundRequested(Guid RefundId, Guid PaymentId, long Amount, string Currency, string Reason) : OrderEvent;

public sealed record RefundCompleted(Guid RefundId) : OrderEvent;

public sealed record RefundFailed(Guid RefundId, string Code) : OrderEvent;

/// <param name="Amount">In minor units.</param>
/// <param name="PayBy">The hold's deadline.</param>
public sealed record OrderDetails(
    Guid OrderId,
    Guid EventId,
    Guid OrganizationId,
    Guid BuyerId,
    string EventName,
    DateTimeOffset EventStartsAt,
    long Amount,
    string Currency,
    IReadOnlyList<OrderedTicket> Tickets,
    DateTimeOffset PlacedAt,
    DateTimeOffset PayBy);

/// <param name="Price">In minor units.</param>
public sealed record OrderedTicket(Guid TicketId, Guid TicketTypeId, string TicketTypeName, long Price, string AttendeeName, string AttendeeEmail);

public enum OrderStatus
{
    Placed,
    Confirmed,
    Expired,
    Cancelled,
    Refused,
    RefundPending,
    Refunded,
    RefundFailed,
}

public enum RefundStatus
{
    Pending,
    Completed,
    Failed,
}

public sealed record Refund(Guid PaymentId, long Amount, string Currency, string Reason, RefundStatus Status);

/// <summary>What a buyer ordered, and what became of it. Money that came in ends in tickets or in one refund.</summary>
/// <param name="Details">Null before the order was placed.</param>
/// <param name="PaymentId">The payment that bought the tickets.</param>
/// <param name="GivenBack">Payments that bought nothing.</param>
/// <param name="ClosedBecause">Why it was cancelled, or why its sale was refused.</param>
public sealed partial record Order(
    OrderStatus Status,
    OrderDetails? Details,
    Guid? PaymentId,
    ImmutableHashSet<Guid> GivenBack,
    ImmutableDictionary<Guid, Refund> Refunds,
    DateTimeOffset? ConfirmedAt,
    string? ClosedBecause,
    PaymentAttemptFailed? LastFailure)
    : IAggregate<Order, OrderEvent>
{
    public static Order Initial { get; } = new(OrderStatus.Placed, null, null, [], ImmutableDictionary<Guid, Refund>.Empty, null, null, null);

    /// <summary>Whether a payment, or for a free order nothing, still stands between this order and its tickets.</summary>
    public bool IsOpen => Details is not null && Status is OrderStatus.Placed or OrderStatus.Expired;

    public bool HasTickets => Status is OrderStatus.Confirmed;

    /// <summary>Places an order from what its buyer holds.</summary>
    public Decision<OrderEvent> Place(Offer offer, IReadOnlyList<Attendee> attendees, DateTimeOffset now)
    {
        if (attendees.FirstRefusal() is { } refusal)
        {
            return refusal;
        }

        var tickets = offer.Name(attendees);
        if (Details is not null)
        {
            return RepeatedBy(offer.BuyerId, offer.EventId, attendees);
        }

        if (tickets is null)
        {
            return Refusal.Unprocessable("attendees-differ", "Name one attendee for each ticket that is held.", "attendees") with
            {
                Details = new Dictionary<string, object?> { ["held"] = offer.Lines.Select(line => new { line.TicketTypeId, line.Quantity }) },
            };
        }

        if (now >= offer.PayBy)
        {
            return Refusal.Conflict("hold-expired", "The hold has ended. Hold tickets again under a fresh order id.");
        }

        return new OrderPlaced(new OrderDetails(
            offer.OrderId, offer.EventId, offer.OrganizationId, offer.BuyerId, offer.EventName, offer.EventStartsAt,
            offer.Amount, offer.Currency, tickets, now, offer.PayBy));
    }

    /// <summary>The same order again is fine; anything else under its id is not.</summary>
    public Decision<OrderEvent> RepeatedBy(Guid buyerId, Guid eventId, IReadOnlyList<Attendee> attendees)
    {
        if (attendees.FirstRefusal() is { } refusal)
        {
            return refusal;
        }

        return Details is { } details && details.BuyerId == buyerId && details.EventId == eventId && attendees.AreThoseOf(details.Tickets)
            ? Decision.Nothing
            : Refusal.Conflict("order-id-taken", "Use a fresh order id.");
    }

    /// <summary>Money came in. Nothing when it is known already, or when it is to buy the tickets: see <see cref="IsOpen"/>.</summary>
    public Decision<OrderEvent> Receive(Guid paymentId, long amount, string currency) => this switch
    {
        { Details: null } => Refusal.NotFound("order-unknown", "There is no such order."),
        _ when PaymentId == paymentId || GivenBack.Contains(paymentId) => Decision.Nothing,
        { IsOpen: true } when amount == Details!.Amount && currency == Details.Currency => Decision.Nothing,
        { IsOpen: true } => GiveBack(paymentId, amount, currency, "amount-differs"),
        { Status: OrderStatus.Cancelled or OrderStatus.Refused } => GiveBack(paymentId, amount, currency, ClosedBecause ?? "order-closed"),
        _ => new OrderEvent[]
        {
            new SurplusPayment(paymentId),
            new RefundRequested(RefundIdOf(paymentId), paymentId, amount, currency, "surplus-payment"),
        },
    };

    /// <summary>The tickets are sold to this order.</summary>
    /// <param name="paymentId">Null for a free order.</param>
    public Decision<OrderEvent> Confirm(Guid? paymentId, DateTimeOffset now) =>
        IsOpen ? new OrderConfirmed(paymentId, now) : Decision.Nothing;

    public Decision<OrderEvent> NoteFailure(Guid paymentId, string code) => this switch
    {
        { Details: null } => Unknown,
        { IsOpen: true } when LastFailure?.PaymentId != paymentId => new PaymentAttemptFailed(paymentId, code),
        _ => Decision.Nothing,
    };

    /// <summary>The tickets are not sold to this order: they are gone or the event is cancelled.</summary>
    public Decision<OrderEvent> Refuse(Guid paymentId, long amount, string currency, string reason) =>
        IsOpen ? GiveBack(paymentId, amount, currency, reason) : Receive(paymentId, amount, currency);

    /// <summary>The free tickets of this order are gone.</summary>
    public Decision<OrderEvent> RefuseFree(DateTimeOffset now) =>
        Details is not null && Status is OrderStatus.Placed ? new OrderExpired(now) : Decision.Nothing;

    public Decision<OrderEvent> Expire(DateTimeOffset now) =>
        Details is { } details && Status is OrderStatus.Placed && now >= details.PayBy ? new OrderExpired(now) : Decision.Nothing;

    public Decision<OrderEvent> Cancel(Guid buyerId, DateTimeOffset now) => this switch
    {
        { Details: null } => Unknown,
        { Details: { } details } when details.BuyerId != buyerId => Unknown,
        { Status: OrderStatus.Placed } => new OrderCancelled("cancelled-by-buyer", now),
        { Status: OrderStatus.Expired or OrderStatus.Cancelled } => Decision.Nothing,
        _ => Refusal.Conflict("order-paid", "The order is paid. Ask the organiser for a refund."),
    };

    /// <summary>The organiser gives the whole order back. A refund that failed is tried again under a new refund id.</summary>
    public Decision<OrderEvent> RefundAll(Guid refundId, DateTimeOffset now)
    {
        if (Details is not { } details)
        {
            return Unknown;
        }

        if (Refunds.ContainsKey(refundId))
        {
            return Decision.Nothing;
        }

        if (Status is OrderStatus.Confirmed)
        {
            return TakeBack(refundId, "requested", "cancelled-by-organizer", now);
        }

        var tryAgain = Refunds.Values.FirstOrDefault(refund => refund.Status is RefundStatus.Failed
            && !Refunds.Values.Any(other => other.PaymentId == refund.PaymentId && other.Status is not RefundStatus.Failed));
        return this switch
        {
            _ when tryAgain is not null => new RefundRequested(refundId, tryAgain.PaymentId, tryAgain.Amount, tryAgain.Currency, tryAgain.Reason),
            { Status: OrderStatus.Cancelled, ClosedBecause: "cancelled-by-organizer" } when details.Amount == 0 => Decision.Nothing,
            { Status: OrderStatus.RefundPending or OrderStatus.Refunded } => Refusal.Conflict("already-refunded", "The order's money is on its way back already."),
            _ => Refusal.Conflict("nothing-to-refund", "The order was not paid."),
        };
    }

    /// <summary>The event is cancelled.</summary>
    public Decision<OrderEvent> Withdraw(DateTimeOffset now) => this switch
    {
        { Details: null } => Decision.Nothing,
        { Status: OrderStatus.Placed } => new OrderCancelled("event-cancelled", now),
        { Status: OrderStatus.Confirmed } => TakeBack(PaymentId is { } payment ? RefundIdOf(payment) : Guid.Empty, "event-cancelled", "event-cancelled", now),
        _ => Decision.Nothing,
    };

    public Decision<OrderEvent> CompleteRefund(Guid refundId) => Refunds.GetValueOrDefault(refundId) switch
    {
        null => RefundUnknown,
        { Status: RefundStatus.Completed } => Decision.Nothing,
        _ => new RefundCompleted(refundId),
    };

    public Decision<OrderEvent> FailRefund(Guid refundId, string code) => Refunds.GetValueOrDefault(refundId) switch
    {
        null => RefundUnknown,
        { Status: RefundStatus.Pending } => new RefundFailed(refundId, code),
        _ => Decision.Nothing,
    };

    /// <summary>The refund that a payment gets on its own. Derived, so that it is one refund however often it is asked for.</summary>
    public static Guid RefundIdOf(Guid paymentId) => DerivedId.From(paymentId, "refund");

    public static Order Evolve(Order state, OrderEvent happened) => happened switch
    {
        OrderPlaced placed => state with { Details = placed.Details, Status = OrderStatus.Placed },
        OrderConfirmed confirmed => state with { Status = OrderStatus.Confirmed, PaymentId = confirmed.PaymentId, ConfirmedAt = confirmed.At },
        PaymentAttemptFailed failed => state with { LastFailure = failed },
        OrderExpired => state with { Status = OrderStatus.Expired },
        OrderCancelled cancelled => state with { Status = OrderStatus.Cancelled, ClosedBecause = cancelled.Reason },
        SaleRefused refused => state with
        {
            GivenBack = state.GivenBack.Add(refused.PaymentId),
            Status = state.IsOpen && refused.Reason != "amount-differs" ? OrderStatus.Refused : state.Status,
            ClosedBecause = state.IsOpen && refused.Reason != "amount-differs" ? refused.Reason : state.ClosedBecause,
        },
        SurplusPayment surplus => state with { GivenBack = state.GivenBack.Add(surplus.PaymentId) },
        PaymentDisputed disputed => state.With(disputed),
        DisputeClosed closed => state.With(closed),
        TicketsVoided => state with { Status = OrderStatus.Cancelled },
        RefundRequested requested => state.With(
            requested.RefundId, new Refund(requested.PaymentId, requested.Amount, requested.Currency, requested.Reason, RefundStatus.Pending), OrderStatus.RefundPending),
        RefundCompleted completed => state.With(
            completed.RefundId, state.Refunds[completed.RefundId] with { Status = RefundStatus.Completed }, OrderStatus.Refunded),
        RefundFailed failed => state.With(failed.RefundId, state.Refunds[failed.RefundId] with { Status = RefundStatus.Failed }, OrderStatus.RefundFailed),
        _ => throw new UnreachableException(),
    };

    private static Refusal Unknown { get; } = Refusal.NotFound("order-unknown", "There is no such order.");

    private static Refusal RefundUnknown { get; } = Refusal.NotFound("refund-unknown", "There is no such refund.");

    private static Decision<OrderEvent> GiveBack(Guid paymentId, long amount, string currency, string reason) => new OrderEvent[]
    {
        new SaleRefused(paymentId, reason),
        new RefundRequested(RefundIdOf(paymentId), paymentId, amount, currency, "sale-refused"),
    };

    private Decision<OrderEvent> TakeBack(Guid refundId, string refundReason, string freeReason, DateTimeOffset now) => PaymentId is { } payment
        ? new OrderEvent[]
        {
            new TicketsVoided(refundReason, now),
            new RefundRequested(refundId, payment, Details!.Amount, Details.Currency, refundReason),
        }
        : new OrderEvent[] { new TicketsVoided(freeReason, now), new OrderCancelled(freeReason, now) };

    /// <summary>Only the refund of the payment that bought the tickets is the order's own; one of a surplus payment leaves its status alone.</summary>
    private Order With(Guid refundId, Refund refund, OrderStatus status) => this with
    {
        Refunds = Refunds.SetItem(refundId, refund),
        Status = refund.PaymentId == PaymentId ? status : Status,
    };
}
