namespace EventFly.Contracts.Organizations;

/// <summary>An organisation has another owner. What both may do now is in <see cref="StaffAccessChanged"/>.</summary>
/// <param name="OldOwnerId">The account that owned it.</param>
/// <param name="NewOwnerId">The account that owns it now.</param>
[Contract("organizations", "OwnerChanged")]
public sealed record OwnerChanged(Guid OrganizationId, Guid OldOwnerId, Guid NewOwnerId);
