using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts.Organizations;

namespace EventFly.Events.Staff;

/// <summary>Somebody who works, or worked, for an organisation, as far as events must know: nothing about the person.</summary>
/// <param name="AccountId">Null as long as they did not accept.</param>
/// <param name="At">When what is known was decided.</param>
internal sealed record Colleague(Guid StaffId, Guid OrganizationId, Guid? AccountId, bool HasLeft, DateTimeOffset At)
{
    public static DocumentType<Colleague> Documents { get; } = new("colleagues", colleague => IdOf(colleague.StaffId));

    public static string IdOf(Guid staffId) => staffId.ToString();

    public bool WorksFor(Guid organizationId) => OrganizationId == organizationId && AccountId is not null && !HasLeft;

    public static Change<Colleague> Hear(Colleague? known, StaffAccessChanged told) => known?.At >= told.At || known?.HasLeft is true
        ? Decision.Nothing
        : new Colleague(told.StaffId, told.OrganizationId, told.AccountId, false, told.At);

    /// <summary>For good, whatever is told late.</summary>
    public static Change<Colleague> Hear(Colleague? known, StaffRemoved told) => known?.HasLeft is true && known.AccountId is not null
        ? Decision.Nothing
        : new Colleague(told.StaffId, told.OrganizationId, told.AccountId ?? known?.AccountId, true, told.At);
}
