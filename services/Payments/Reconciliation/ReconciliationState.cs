using EventFly.BuildingBlocks.Documents;

namespace EventFly.Payments.Reconciliation;

/// <param name="CheckedUntil">Everything before it was compared.</param>
public sealed record ReconciliationState(DateTimeOffset CheckedUntil, ReconciliationRun LastRun)
{
    public const string Id = "state";

    public static DocumentType<ReconciliationState> Type { get; } = new("reconciliation", _ => Id);
}

/// <param name="AtProcessor">Movements that were compared there.</param>
/// <param name="InBooks">Movements that were compared here.</param>
/// <param name="Found">Differences that this run saw.</param>
/// <param name="Resolved">Differences that are gone.</param>
/// <param name="Open">Differences after it.</param>
public sealed record ReconciliationRun(
    DateTimeOffset StartedAt, DateTimeOffset EndedAt, DateTimeOffset From, DateTimeOffset To, int AtProcessor, int InBooks, int Found, int Resolved, long Open);
