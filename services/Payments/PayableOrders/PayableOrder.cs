using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Payments.PayableOrders;

/// <summary>What Participants told of an order.</summary>
/// <param name="Amount">In minor units.</param>
public sealed record OrderTerms(Guid EventId, Guid OrganizationId, Guid BuyerId, long Amount, string Currency, DateTimeOffset PayBy);

/// <param name="Since">When the attempt took its place.</param>
public sealed record OpenAttempt(Guid PaymentId, DateTimeOffset Since);

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
    public static DocumentType<PayableOrder> Type { get; } = new DocumentType<PayableOrder>("payable_orders", order => IdOf(order.OrderId))
        .Time("openSince", order => order.Open?.Since)
        .Index("openSince");

    public static string IdOf(Guid orderId) => orderId.ToString("N");

    /// <summary>Every attempt that began before a time and has no outcome yet.</summary>
    public static IReadOnlyList<Where> OpenBefore(DateTimeOffset time) => [new Where.Range("openSince", null, time)];

    public static PayableOrder Unknown(Guid orderId) => new(orderId, null, null, null, null, []);

    public Change<PayableOrder> Place(OrderTerms terms) => Terms is null ? this with { Terms = terms } : Decision.Nothing;

    public Change<PayableOrder> Close(string reason) => ClosedBecause is null ? this with { ClosedBecause = reason } : Decision.Nothing;

    /// <summary>An attempt wants the place.</summary>
    public Change<PayableOrder> Admit(Guid paymentId, DateTimeOffset now, int mostAttempts)
    {
        if (Open?.PaymentId == paymentId) return Decision.Nothing;
        if (Attempts.Contains(paymentId)) return Refusal.Conflict("payment-id-taken", "Use a fresh payment id.");
        if (PaidBy is not null) return Refusal.Conflict("order-already-paid", "This order is paid.");
        if (ClosedBecause is not null || Terms is null || Terms.PayBy <= now)
        {
            return Refusal.Conflict("order-closed", "This order cannot be paid any more.");
        }

        if (Terms.Amount <= 0) return Refusal.Conflict("nothing-to-pay", "This order costs nothing.");
        if (Open is not null) return Refusal.Conflict("payment-in-progress", "Another payment of this order is under way.");
        if (Attempts.Count >= mostAttempts) return Refusal.Conflict("too-many-attempts", "This order was tried to be paid too often.");

        return this with { Open = new OpenAttempt(paymentId, now), Attempts = [.. Attempts, paymentId] };
    }

    /// <summary>An attempt has its outcome. The first that succeeded paid the order.</summary>
    public Change<PayableOrder> Settle(Guid paymentId, bool isPaid)
    {
        var settled = this with
        {
            Open = Open?.PaymentId == paymentId ? null : Open,
            PaidBy = PaidBy ?? (isPaid ? paymentId : null),
        };
        return settled == this ? Decision.Nothing : settled;
    }
}
