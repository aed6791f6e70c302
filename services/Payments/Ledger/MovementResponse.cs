namespace EventFly.Payments.Ledger;

/// <param name="Entries">They sum to zero. Positive is debit.</param>
public sealed record MovementResponse(
    string MovementId, MovementKind Kind, Guid PaymentId, Guid OrderId, Guid EventId, Guid OrganizationId, string ProcessorId, string Currency,
    IReadOnlyList<Entry> Entries, DateTimeOffset RecordedAt)
{
    internal static MovementResponse Of(Movement movement) => new(
        movement.MovementId, movement.Kind, movement.PaymentId, movement.OrderId, movement.EventId, movement.OrganizationId, movement.ProcessorId,
        movement.Currency, movement.Entries, movement.RecordedAt);
}
