using EventFly.BuildingBlocks.Documents;

namespace EventFly.Payments.Alerts;

public enum AlertKind
{
    /// <summary>Money came in at the processor, and no payment of ours stands behind it.</summary>
    UnclaimedCharge,

    /// <summary>Money came in, and neither tickets came of it nor did it go back.</summary>
    ChargeWithoutTickets,

    /// <summary>Money that was promised back did not go back.</summary>
    RefundFailed,

    /// <summary>The books, the orders and the processor do not agree.</summary>
    Difference,

    /// <summary>A message to this service could not be handled.</summary>
    DeadLetter,
}

/// <summary>Somebody has to look. It stays on the list until what it is about is gone.</summary>
/// <param name="AlertId">Derived from what it is about, so that it is raised once.</param>
/// <param name="OrganizationId">Whose money it is. Null: not known; then it is for those who run the platform.</param>
/// <param name="Subject">The processor's id, the refund's or the message's.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Amount">In minor units.</param>
/// <param name="ResolvedAt">When it was seen to be gone.</param>
public sealed record Alert(
    string AlertId, AlertKind Kind, Guid? OrganizationId, Guid? OrderId, Guid? PaymentId, string Subject, string Message, long? Amount, string? Currency,
    DateTimeOffset RaisedAt, DateTimeOffset? ResolvedAt, Acknowledgement? Acknowledged)
{
    public static DocumentType<Alert> Type { get; } = new DocumentType<Alert>("alerts", alert => alert.AlertId)
        .Text("kind", alert => alert.Kind.ToString())
        .Text("organizationId", alert => alert.OrganizationId?.ToString("N"))
        .Boolean("isOpen", alert => alert.ResolvedAt is null)
        .Time("raisedAt", alert => alert.RaisedAt)
        .Index("isOpen", "kind")
        .Index("organizationId", "raisedAt")
        .Index("raisedAt");

    public static string IdOf(AlertKind kind, string subject) => $"{kind}-{subject}";
}

/// <summary>Somebody has seen it, and what they say to it.</summary>
public sealed record Acknowledgement(Guid By, DateTimeOffset At, string? Note);
