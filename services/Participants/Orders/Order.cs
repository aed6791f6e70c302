using System.Collections.Immutable;
using System.Diagnostics;
using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Participants.Orders;

public abstract record OrderEvent;

public sealed record OrderPlaced(OrderDetails Details) : OrderEvent;

/// <param name="PaymentId">Null for a free order.</param>
public sealed record OrderConfirmed(Guid? PaymentId, DateTimeOffset At) : OrderEvent
{
    /// <summary>What the payment brought, in minor units: more than the amount when tickets were dropped while it was under way. Null: the amount.</summary>
    public long? Received { get; init; }
}

/// <summary>A payment was declined; the order stays open for another.</summary>
public sealed record PaymentAttemptFailed(Guid PaymentId, string Code) : OrderEvent;

/// <summary>A payment came and there is nothing to be had for it any more.</summary>
public sealed record SaleRefused(Guid PaymentId, string Reason) : OrderEvent;

/// <summary>A payment came for an order that is paid already.</summary>
public sealed record SurplusPayment(Guid PaymentId) : OrderEvent;

public sealed record OrderExpired(DateTimeOffset At) : OrderEvent;

public sealed record OrderCancelled(string Reason, DateTimeOffset At) : OrderEvent;

/// <summary>All tickets.</summary>
public sealed record TicketsVoided(string Reason, DateTimeOffset At) : OrderEvent;

/// <summary>Some of the tickets, or those that were left.</summary>
/// <param name="By">The refund, or the cancellation, that took them.</param>
public sealed record TicketsTakenBack(IReadOnlyList<Guid> TicketIds, Guid By, string Reason, DateTimeOffset At) : OrderEvent;

/// <summary>Tickets of an order that is not paid yet.</summary>
/// <param name="Amount">What the rest costs, in minor units.</param>
public sealed record TicketsDropped(IReadOnlyList<Guid> TicketIds, long Amount, DateTimeOffset At) : OrderEvent;

/// <param name="By">The account that changed it.</param>
public sealed record AttendeeNamed(Guid TicketId, string Name, string Email, Guid By, DateTimeOffset At) : OrderEvent;

/// <param name="By">The account that changed it.</param>
public sealed record QuestionsAnswered(Guid TicketId, IReadOnlyList<Answer> Answers, Guid By, DateTimeOffset At) : OrderEvent;

/// <param name="Number">Counts the holders of this ticket after its buyer, from 1.</param>
public sealed record TicketHandedOver(
    Guid TicketId, Guid HolderId, string Name, string Email, IReadOnlyList<Answer> Answers, int Number, DateTimeOffset At) : OrderEvent;

public sealed record RefundRequested(Guid RefundId, Guid PaymentId, long Amount, string Currency, string Reason) : OrderEvent
{
    /// <summary>The refund that failed and is tried again by this one.</summary>
    public Guid? Retries { get; init; }
}

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
public sealed record OrderedTicket(Guid TicketId, Guid TicketTypeId, string TicketTypeName, long Price, string AttendeeName, string AttendeeEmail)
{
    public IReadOnlyList<Answer> Answers { get; init; } = [];

    public bool IsVoid { get; init; }

    /// <summary>The refund, or the cancellation, that made it void; null when all tickets were made void at once.</summary>
    public Guid? VoidedBy { get; init; }

    /// <summary>Whose it is, when it was handed over; else it is the buyer's.</summary>
    public Guid? HolderId { get; init; }

    /// <summary>How often it was handed over.</summary>
    public int Handovers { get; init; }
}

/// <summary>One line of an order's history.</summary>
/// <param name="What">attendee-named, questions-answered, tickets-dropped, tickets-taken-back or ticket-handed-over.</param>
/// <param name="By">Null: nobody in person.</param>
/// <param name="Before">The attendee's name until then.</param>
public sealed record OrderChange(DateTimeOffset At, string What, IReadOnlyList<Guid> TicketIds, Guid? By = null, string? Before = null);

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
    PartiallyRefunded,
}

public enum RefundStatus
{
    Pending,
    Completed,
    Failed,
}

public sealed record Refund(Guid PaymentId, long Amount, string Currency, string Reason, RefundStatus Status)
{
    /// <summary>Failed, and another refund took its place.</summary>
    public bool IsRetried { get; init; }
}

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

    /// <summary>As they are now; dropped ones are gone from here. <see cref="Details"/> says what was placed.</summary>
    public ImmutableList<OrderedTicket> Tickets { get; init; } = [];

    /// <summary>What is to be paid, or was paid for the tickets, in minor units.</summary>
    public long Amount { get; init; }

    /// <summary>Every amount that was to be paid at some time: a payment of an earlier one may still be under way.</summary>
    public ImmutableList<long> Asked { get; init; } = [];

    /// <summary>What the payment brought.</summary>
    public long Received { get; init; }

    public ImmutableList<OrderChange> Changes { get; init; } = [];

    /// <summary>How many events made it: the stream's version.</summary>
    public long Revision { get; init; }

    /// <summary>Whether a payment, or for a free order nothing, still stands between this order and its tickets.</summary>
    public bool IsOpen => Details is not null && Status is OrderStatus.Placed or OrderStatus.Expired;

    public bool HasTickets => ConfirmedAt is not null && Tickets.Exists(ticket => !ticket.IsVoid);

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
        { Details: null } => Unknown,
        _ when PaymentId == paymentId || GivenBack.Contains(paymentId) => Decision.Nothing,
        { IsOpen: true } when IsAskedFor(amount, currency) => Decision.Nothing,
        { IsOpen: true } => GiveBack(paymentId, amount, currency, "amount-differs"),
        { Status: OrderStatus.Cancelled or OrderStatus.Refused } => GiveBack(paymentId, amount, currency, ClosedBecause ?? "order-closed"),
        _ => new OrderEvent[]
        {
            new SurplusPayment(paymentId),
            new RefundRequested(RefundIdOf(paymentId), paymentId, amount, currency, "surplus-payment"),
        },
    };

    /// <summary>
    /// The tickets are sold to this order. Where tickets were dropped after the payment had begun, it brought too much: the difference goes back.
    /// </summary>
    public Decision<OrderEvent> Confirm(Guid paymentId, long amount, string currency, DateTimeOffset now)
    {
        if (!IsOpen || !IsAskedFor(amount, currency))
        {
            return Receive(paymentId, amount, currency);
        }

        var confirmed = new OrderConfirmed(paymentId, now) { Received = amount == Amount ? null : amount };
        return amount == Amount
            ? confirmed
            : new OrderEvent[]
            {
                confirmed,
                new RefundRequested(DerivedId.From(paymentId, "difference"), paymentId, amount - Amount, currency, Difference),
            };
    }

    /// <summary>The tickets are sold to this order, which costs nothing.</summary>
    public Decision<OrderEvent> ConfirmFree(DateTimeOffset now) => IsOpen && Amount == 0 ? new OrderConfirmed(null, now) : Decision.Nothing;

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
        // Also after its time: a payment that comes late would buy it all the same.
        { IsOpen: true } => new OrderCancelled("cancelled-by-buyer", now),
        { Status: OrderStatus.Cancelled } => Decision.Nothing,
        _ => Refusal.Conflict("order-paid", "The order is paid. Ask the organiser for a refund."),
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

    public static Order Evolve(Order state, OrderEvent happened) => state.After(happened) with { Revision = state.Revision + 1 };

    private Order After(OrderEvent happened) => happened switch
    {
        OrderPlaced placed => this with
        {
            Details = placed.Details, Status = OrderStatus.Placed, Tickets = [.. placed.Details.Tickets], Amount = placed.Details.Amount, Asked = [placed.Details.Amount],
        },
        OrderConfirmed confirmed => this with
        {
            Status = OrderStatus.Confirmed, PaymentId = confirmed.PaymentId, ConfirmedAt = confirmed.At,
            Received = confirmed.PaymentId is null ? 0 : confirmed.Received ?? Amount,
        },
        PaymentAttemptFailed failed => this with { LastFailure = failed },
        OrderExpired => this with { Status = OrderStatus.Expired },
        OrderCancelled cancelled => this with { Status = OrderStatus.Cancelled, ClosedBecause = cancelled.Reason },
        SaleRefused refused => this with
        {
            GivenBack = GivenBack.Add(refused.PaymentId),
            Status = IsOpen && refused.Reason != "amount-differs" ? OrderStatus.Refused : Status,
            ClosedBecause = IsOpen && refused.Reason != "amount-differs" ? refused.Reason : ClosedBecause,
        },
        SurplusPayment surplus => this with { GivenBack = GivenBack.Add(surplus.PaymentId) },
        PaymentDisputed disputed => With(disputed),
        DisputeClosed closed => With(closed),
        AttendeeNamed named => Changed(named),
        QuestionsAnswered answered => Changed(answered),
        TicketsDropped dropped => Changed(dropped),
        TicketHandedOver handedOver => Changed(handedOver),
        TicketsVoided => WithVoid(IdsOf(Tickets), null).WithMoneyStatus(),
        TicketsTakenBack taken => (this with { Changes = Changes.Add(new OrderChange(taken.At, "tickets-taken-back", taken.TicketIds)) })
            .WithVoid(taken.TicketIds, taken.By).WithMoneyStatus(),
        RefundRequested requested => WithRetried(requested.Retries).With(
            requested.RefundId, new Refund(requested.PaymentId, requested.Amount, requested.Currency, requested.Reason, RefundStatus.Pending)),
        RefundCompleted completed => With(completed.RefundId, Refunds[completed.RefundId] with { Status = RefundStatus.Completed }),
        RefundFailed failed => With(failed.RefundId, Refunds[failed.RefundId] with { Status = RefundStatus.Failed }),
        _ => throw new UnreachableException(),
    };

    public static Refusal Unknown { get; } = Refusal.NotFound("order-unknown", "There is no such order.");

    private static Refusal RefundUnknown { get; } = Refusal.NotFound("refund-unknown", "There is no such refund.");

    private static Decision<OrderEvent> GiveBack(Guid paymentId, long amount, string currency, string reason) => new OrderEvent[]
    {
        new SaleRefused(paymentId, reason),
        new RefundRequested(RefundIdOf(paymentId), paymentId, amount, currency, "sale-refused"),
    };

    /// <summary>The amount of now, or one of before: it only ever falls.</summary>
    private bool IsAskedFor(long amount, string currency) => currency == Details!.Currency && Asked.Contains(amount);
}
