namespace EventFly.Contracts.Payments;

/// <summary>An organisation's subscription is something else now. Carries the whole of it; the highest sequence counts.</summary>
/// <param name="PackageId">What it has as long as the status is not ended.</param>
/// <param name="Status">active, pastDue (a renewal is not paid yet, and the plan still holds) or ended.</param>
/// <param name="PaidUntil">End of the period that is paid.</param>
[Contract("payments", "SubscriptionChanged")]
public sealed record SubscriptionChanged(Guid OrganizationId, Guid PackageId, string Status, DateTimeOffset PaidUntil);
