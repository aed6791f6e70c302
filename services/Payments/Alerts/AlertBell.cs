using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Payments.Alerts;

/// <summary>Raises alerts and takes them back. Both may be done again at any time.</summary>
internal sealed partial class AlertBell(Documents<Alert> alerts, TimeProvider clock, ILogger<AlertBell> logger)
{
    public async Task Raise(
        AlertKind kind, string subject, string message, CancellationToken cancellationToken, Guid? organizationId = null, Guid? orderId = null,
        Guid? paymentId = null, long? amount = null, string? currency = null)
    {
        var alert = new Alert(
            Alert.IdOf(kind, subject), kind, organizationId, orderId, paymentId, subject, message, amount, currency, clock.GetUtcNow(), null, null);
        var isNew = false;
        var (_, refusal) = await alerts.Change(
            alert.AlertId,
            known =>
            {
                isNew = known is not { Body.ResolvedAt: null };
                return isNew ? alert : Decision.Nothing;
            },
            cancellationToken);
        if (refusal is not null) throw new InvalidOperationException($"The alert {alert.AlertId} was not stored: {refusal.Code}");
        if (isNew) Raised(logger, kind, subject, message);
    }

    public Task Resolve(AlertKind kind, string subject, CancellationToken cancellationToken) => alerts.Change(
        Alert.IdOf(kind, subject),
        known => known is { Body: { ResolvedAt: null } open } ? open with { ResolvedAt = clock.GetUtcNow() } : Decision.Nothing,
        cancellationToken);

    public Task<long> CountOpen(AlertKind kind, CancellationToken cancellationToken) => alerts.Count(Open(kind), cancellationToken);

    /// <summary>At most 500; the rest has its turn when some of these are gone.</summary>
    public async Task<IReadOnlyList<Alert>> ListOpen(AlertKind kind, CancellationToken cancellationToken) =>
        [.. (await alerts.Query(new Query(Open(kind), [], 500), cancellationToken)).Items.Select(alert => alert.Body)];

    private static IReadOnlyList<Where> Open(AlertKind kind) => [new Where.Eq("isOpen", true), new Where.Eq("kind", kind.ToString())];

    [LoggerMessage(LogLevel.Error, "{Kind} {Subject}: {Message}")]
    private static partial void Raised(ILogger logger, AlertKind kind, string subject, string message);
}
