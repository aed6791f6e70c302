using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Payments.PayableOrders;

/// <summary>What Participants told of an order.</summary>
/// <param name="Amount">In minor units.</param>
public sealed record OrderTerms(Guid EventId, Guid OrganizationId, Guid BuyerId, long Amount, string Currency, DateTimeOffset PayBy)
{
    /// <summary>How many tickets it is for. 0: not told.</summary>
    public int Tickets { get; init; }
}

/// <param name="Since">When the attempt took its place.</param>
public sealed record OpenAttempt(Guid PaymentId, DateTimeOffset Since);

/// <summary>Money that came in, and Participants has not said yet what became of it.</summary>
public sealed record AwaitedAnswer(Guid PaymentId, DateTimeOffset Since);

/// <summary>
/// An order that may be paid. It has one place for an open attempt: an attempt takes it before its stream begins and leaves it after its outcome is
/// stored, so every attempt without an outcome is found here. What became of an attempt is for its stream to say.
/// </summary>
/// <param name="Terms">Null: its end was heard of before its beginning.</param>
/// <param name="ClosedBecause">Null while it may be paid.</param>
/// <param name="Attempts">All that ever took the place, in order.</param>
public sealed record PayableOrder(
    Guid OrderId, OrderTerms? Terms, string? ClosedBecause, OpenAttempt? Open, Guid? PaidBy, IReadOnlyList<Guid> Attempts)
{
    /// <summary>Payments that must end in tickets or in money back, and so far did not.</summary>
    public IReadOnlyList<AwaitedAnswer> Awaiting { get; init; } = [];

    /// <summary>Payments that did, also where the answer came before we knew of the payment.</summary>
    public IReadOnlyList<Guid> Answered { get; init; } = [];

    public static DocumentType<PayableOrder> Type { get; } = new DocumentType<PayableOrder>("payable_orders", order => IdOf(order.OrderId))
        .Time("openSince", order => order.Open?.Since)
        .Time("awaitingSince", order => order.Awaiting.Count == 0 ? null : order.Awaiting.Min(awaited => awaited.Since))
        .Index("openSince")
        .Index("awaitingSince");

    public static string IdOf(Guid orderId) => orderId.ToString("N");

    /// <summary>Every attempt that began before a time and has no outcome yet.</summary>
    public static IReadOnlyList<Where> OpenBefore(DateTimeOffset time) => [new Where.Range("openSince", null, time)];

    public static PayableOrder Unknown(Guid orderId) => new(orderId, null, null, null, null, []);

    public Change<PayableOrder> Place(OrderTerms terms) => Terms is null ? this with { Terms = terms } : Decision.Nothing;

    /// <summary>What an order costs only ever falls, so the least that was heard is the newest.</summary>
    public Change<PayableOrder> Reduce(OrderTerms terms) =>
        Terms is null ? this with { Terms = terms }
        : terms.Amount < Terms.Amount && PaidBy is null ? this with { Terms = Terms with { Amount = terms.Amount, Tickets = terms.Tickets } }
        : Decision.Nothing;

    public Change<PayableOrder> Close(string reason) => ClosedBecause is null ? this with { ClosedBecause = reason } : Decision.Nothing;

    /// <summary>An attempt wants the place.</summary>
    public Change<PayableOrder> Admit(Guid paymentId, Guid buyerId, DateTimeOffset now, int mostAttempts)
    {
        if (Terms is not null && Terms.BuyerId != buyerId) return NotYours;
        if (Open?.PaymentId == paymentId) return Decision.Nothing;
        if (Attempts.Contains(paymentId)) return Refusal.Conflict("payment-id-taken", "Use a fresh payment id.");
        if (PaidBy is not null) return Refusal.Conflict("order-already-paid", "This order is paid.");
        if (Terms is null) return NotYours;
        if (ClosedBecause is not null || Terms.PayBy <= now)
        {
            return Refusal.Conflict("order-closed", "This order cannot be paid any more.");
        }

        if (Terms.Amount <= 0) return Refusal.Conflict("nothing-to-pay", "This order costs nothing.");
        if (Open is not null) return Refusal.Conflict("payment-in-progress", "Another payment of this order is under way.");
        if (Attempts.Count >= mostAttempts) return Refusal.Conflict("too-many-attempts", "This order was tried to be paid too often.");

        return this with { Open = new OpenAttempt(paymentId, now), Attempts = [.. Attempts, paymentId] };
    }

    public static Refusal NotYours { get; } = Refusal.NotFound("order-not-found", "There is no such order of yours.");

    /// <summary>An attempt has its outcome. The first that succeeded paid the order.</summary>
    public Change<PayableOrder> Settle(Guid paymentId, bool isPaid, DateTimeOffset now)
    {
        var isAwaited = isPaid && !Answered.Contains(paymentId) && Awaiting.All(awaited => awaited.PaymentId != paymentId);
        var settled = this with
        {
            Open = Open?.PaymentId == paymentId ? null : Open,
            PaidBy = PaidBy ?? (isPaid ? paymentId : null),
            Awaiting = isAwaited ? [.. Awaiting, new AwaitedAnswer(paymentId, now)] : Awaiting,
        };
        return settled == this ? Decision.Nothing : settled;
    }

    /// <summary>The money of this payment became tickets, or its way back was decided.</summary>
    public Change<PayableOrder> Answer(Guid paymentId, bool isConfirmed)
    {
        if (Answered.Contains(paymentId) && Open?.PaymentId != paymentId) return Decision.Nothing;
        return this with
        {
            Open = Open?.PaymentId == paymentId ? null : Open,
            PaidBy = PaidBy ?? (isConfirmed ? paymentId : null),
            Awaiting = [.. Awaiting.Where(awaited => awaited.PaymentId != paymentId)],
            Answered = [.. Answered.Where(known => known != paymentId), paymentId],
        };
    }
}
