using EventFly.BuildingBlocks.Documents;

namespace EventFly.Payments.Reconciliation;

public enum DifferenceKind
{
    /// <summary>Money moved at the processor and is not in our books.</summary>
    NotBooked,

    /// <summary>It is in our books and did not move at the processor.</summary>
    NotAtProcessor,

    /// <summary>It is in both, with another amount.</summary>
    AmountDiffers,

    /// <summary>Money came in for an order that we never heard of.</summary>
    OrderUnknown,

    /// <summary>Money came in, and the order neither has tickets for it nor was it given back.</summary>
    OrderUnsettled,

    /// <summary>The order was paid with another amount than it costs.</summary>
    OrderAmountDiffers,
}

/// <summary>Something on which books, orders and processor do not agree. Reported and looked at again until they do; nothing is changed because of it.</summary>
/// <param name="DifferenceId">Derived from what it is about.</param>
/// <param name="What">charge, refund, refundReturn, dispute or disputeWon.</param>
/// <param name="ProcessorId">The charge, refund or dispute there.</param>
/// <param name="Ours">What we have, in minor units. Null: nothing.</param>
/// <param name="Theirs">What the processor has, or the order costs. Null: nothing.</param>
public sealed record Difference(
    string DifferenceId, DifferenceKind Kind, string What, string ProcessorId, Guid? PaymentId, Guid? OrderId, Guid? OrganizationId, long? Ours,
    long? Theirs, string Currency, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, DateTimeOffset? ResolvedAt)
{
    public static DocumentType<Difference> Type { get; } = new DocumentType<Difference>("differences", difference => difference.DifferenceId)
        .Text("kind", difference => difference.Kind.ToString())
        .Text("organizationId", difference => difference.OrganizationId?.ToString("N"))
        .Boolean("isOpen", difference => difference.ResolvedAt is null)
        .Time("firstSeen", difference => difference.FirstSeen)
        .Index("isOpen", "kind")
        .Index("organizationId", "firstSeen")
        .Index("firstSeen");

    public static string IdOf(DifferenceKind kind, string what, string processorId) => $"{kind}-{what}-{processorId}";
}
