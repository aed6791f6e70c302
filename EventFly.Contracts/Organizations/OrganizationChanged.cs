namespace EventFly.Contracts.Organizations;

/// <summary>An organisation's public profile changed.</summary>
[Contract("organizations", "OrganizationChanged")]
public sealed record OrganizationChanged(Guid OrganizationId, string Name);
