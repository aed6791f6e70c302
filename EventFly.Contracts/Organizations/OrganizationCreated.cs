namespace EventFly.Contracts.Organizations;

/// <summary>An organisation exists and has its owner.</summary>
[Contract("organizations", "OrganizationCreated")]
public sealed record OrganizationCreated(Guid OrganizationId, Guid OwnerId, string Name);
