namespace EventFly.Contracts.Organizations;

/// <summary>Somebody is asked to work for an organisation, for the first time or once more.</summary>
/// <param name="StaffId">Stays theirs in that organisation for good.</param>
/// <param name="Email">Where the code goes.</param>
/// <param name="Name">As the organisation calls them.</param>
[Contract("organizations", "StaffInvited")]
public sealed record StaffInvited(Guid OrganizationId, Guid StaffId, string Email, string Name, string OrganizationName)
{
    /// <summary>1 for the first invitation; each that is sent again counts one more, and only the last one's code is good.</summary>
    public int Number { get; init; } = 1;
}
