namespace EventFly.Contracts.Organizations;

/// <summary>What somebody may do in all of an organisation; whole, so that the last one heard is enough.</summary>
/// <param name="AccountId">Null as long as the invitation is not accepted.</param>
/// <param name="Role">The role's name; <c>owner</c> for the one who has every permission for good.</param>
[Contract("organizations", "StaffAccessChanged")]
public sealed record StaffAccessChanged(Guid OrganizationId, Guid StaffId, Guid? AccountId, string Role, IReadOnlyList<string> Permissions)
{
    /// <summary>When it was decided. About one person no two have the same; the latest holds, whichever is heard first.</summary>
    public DateTimeOffset At { get; init; }
}
