namespace EventFly.Payments.Alerts;

/// <param name="Amount">In minor units.</param>
public sealed record AlertResponse(
    string AlertId, AlertKind Kind, Guid? OrganizationId, Guid? OrderId, Guid? PaymentId, string Subject, string Message, long? Amount, string? Currency,
    DateTimeOffset RaisedAt, DateTimeOffset? ResolvedAt, Acknowledgement? Acknowledged)
{
    internal static AlertResponse Of(Alert alert) => new(
        alert.AlertId, alert.Kind, alert.OrganizationId, alert.OrderId, alert.PaymentId, alert.Subject, alert.Message, alert.Amount, alert.Currency,
        alert.RaisedAt, alert.ResolvedAt, alert.Acknowledged);
}
