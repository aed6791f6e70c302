namespace EventFly.Contracts.Organizations;

/// <summary>Somebody works for an organisation no longer, or their invitation was withdrawn. For good: whoever comes back gets another staff id.</summary>
/// <param name="AccountId">Null when the invitation was never accepted.</param>
[Contract("organizations", "StaffRemoved")]
public sealed record StaffRemoved(Guid OrganizationId, Guid StaffId, Guid? AccountId)
{
    /// <summary>When it was decided; see <see cref="StaffAccessChanged.At"/>.</summary>
    public DateTimeOffset At { get; init; }
}
