using System.Collections.Immutable;
using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Participants.Orders;

/// <summary>The buyer's bank asks for the money back.</summary>
public sealed record PaymentDisputed(string DisputeId, Guid PaymentId, long Amount, string Reason, DateTimeOffset? EvidenceDueBy) : OrderEvent;

/// <summary>It has decided.</summary>
public sealed record DisputeClosed(string DisputeId, Guid PaymentId, long Amount, string Outcome) : OrderEvent;

public enum DisputeStatus
{
    Open,
    Won,
    Lost,
}

/// <param name="Amount">In minor units.</param>
public sealed record Dispute(Guid PaymentId, long Amount, string? Reason, DateTimeOffset? EvidenceDueBy, DisputeStatus Status);

public sealed partial record Order
{
    public ImmutableDictionary<string, Dispute> Disputes { get; init; } = ImmutableDictionary<string, Dispute>.Empty;

    /// <summary>A bank asks for the money, or has it: whoever stands at the door or refunds should know.</summary>
    public bool IsDisputed => Disputes.Values.Any(dispute => dispute.Status is not DisputeStatus.Won);

    /// <param name="disputed">What was heard.</param>
    /// <param name="mustVoid">Whether the tickets admit nobody from now on; they stay void, also when the dispute is won.</param>
    public Decision<OrderEvent> NoteDispute(PaymentDisputed disputed, bool mustVoid, DateTimeOffset now)
    {
        if (Details is null) return Unknown;
        var known = Disputes.GetValueOrDefault(disputed.DisputeId);
        if (known is not null && (known.Status is not DisputeStatus.Open || known.EvidenceDueBy == disputed.EvidenceDueBy)) return Decision.Nothing;
        return mustVoid && HasTickets && PaymentId == disputed.PaymentId
            ? new OrderEvent[] { disputed, new TicketsVoided("disputed", now) }
            : disputed;
    }

    public Decision<OrderEvent> CloseDispute(DisputeClosed closed) =>
        Details is null ? Unknown
        : Disputes.GetValueOrDefault(closed.DisputeId) is { Status: not DisputeStatus.Open } ? Decision.Nothing
        : closed;

    private Order With(PaymentDisputed disputed) => this with
    {
        Disputes = Disputes.SetItem(
            disputed.DisputeId, new Dispute(disputed.PaymentId, disputed.Amount, disputed.Reason, disputed.EvidenceDueBy, DisputeStatus.Open)),
    };

    private Order With(DisputeClosed closed)
    {
        var known = Disputes.GetValueOrDefault(closed.DisputeId);
        return this with
        {
            Disputes = Disputes.SetItem(closed.DisputeId, new Dispute(
                closed.PaymentId, closed.Amount, known?.Reason, known?.EvidenceDueBy, closed.Outcome is "won" ? DisputeStatus.Won : DisputeStatus.Lost)),
        };
    }
}
