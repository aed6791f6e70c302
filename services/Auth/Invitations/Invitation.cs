using EventFly.Auth.Accounts;
using EventFly.Auth.Codes;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts.Organizations;

namespace EventFly.Auth.Invitations;

/// <summary>How far an invitation has come.</summary>
internal enum InvitationState
{
    Open,

    Accepted,

    /// <summary>Withdrawn, or they were removed.</summary>
    Ended,
}

/// <summary>Somebody is asked to work for an organisation and has not answered. What was answered keeps no address.</summary>
/// <param name="Number">Of the last invitation that was heard of; 0 before the first.</param>
/// <param name="Code">Of the last mail.</param>
internal sealed record Invitation(
    Guid StaffId, Guid OrganizationId, InvitationState State, string? Email, string? Name, string? OrganizationName, int Number, OneTimeCode? Code)
{
    /// <summary>How long a mailed code is good.</summary>
    public static readonly TimeSpan CodeTime = TimeSpan.FromDays(7);

    public string Role { get; init; } = "";

    public IReadOnlyList<string> Permissions { get; init; } = [];

    /// <summary>When role and permissions were decided.</summary>
    public DateTimeOffset AccessAt { get; init; }

    public Guid? AccountId { get; init; }

    public static DocumentType<Invitation> Documents { get; } = new DocumentType<Invitation>("invitations", invitation => IdOf(invitation.StaffId))
        .Text("email", invitation => invitation.Email)
        .Index("email");

    public static string IdOf(Guid staffId) => staffId.ToString();

    /// <summary>Messages come in any order: each finds an invitation that it can add to.</summary>
    public static Invitation Of(Invitation? known, Guid staffId, Guid organizationId) =>
        known ?? new Invitation(staffId, organizationId, InvitationState.Open, null, null, null, 0, null);

    public bool IsOpen => State is InvitationState.Open && Email is not null;

    public Change<Invitation> Invite(StaffInvited told, string email, OneTimeCode code, object mail) => State is not InvitationState.Open || told.Number <= Number
        ? Decision.Nothing
        : Change.To(this with { Email = email, Name = told.Name, OrganizationName = told.OrganizationName, Number = told.Number, Code = code }, mail);

    public Change<Invitation> TakeAccess(StaffAccessChanged told) =>
        told.At <= AccessAt ? Decision.Nothing : this with { Role = told.Role, Permissions = told.Permissions, AccessAt = told.At };

    public Change<Invitation> End() => State is InvitationState.Ended ? Decision.Nothing : Closed(InvitationState.Ended);

    public Change<Invitation> Accept(Guid accountId) =>
        State is InvitationState.Open ? Closed(InvitationState.Accepted) with { AccountId = accountId } : (Change<Invitation>)Decision.Nothing;

    /// <summary>A wrong code was entered in place of this one.</summary>
    public Change<Invitation> Leave(OneTimeCode? left) => ReferenceEquals(left, Code) ? Decision.Nothing : this with { Code = left };

    public Membership Membership() => new(OrganizationId, Role) { StaffId = StaffId, Granted = Permissions, At = AccessAt };

    private Invitation Closed(InvitationState state) => this with { State = state, Email = null, Name = null, OrganizationName = null, Code = null };
}
