namespace EventFly.Contracts.Auth;

/// <summary>Somebody accepted an organisation's invitation and showed that the address is theirs.</summary>
/// <param name="StaffId">As it was invited.</param>
/// <param name="AccountId">The subject of their access tokens.</param>
[Contract("auth", "StaffJoined")]
public sealed record StaffJoined(Guid OrganizationId, Guid StaffId, Guid AccountId);
