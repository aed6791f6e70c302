namespace EventFly.Organizations.Staff;

/// <summary>How far somebody has come in an organisation.</summary>
public enum MemberState
{
    /// <summary>They were asked, and have not answered.</summary>
    Invited,

    /// <summary>They work there.</summary>
    Active,

    /// <summary>They do not work there any more, or the invitation was withdrawn. For good.</summary>
    Removed,
}

/// <summary>Somebody who works for an organisation, was asked to, or did.</summary>
/// <param name="StaffId">Chosen by whoever invites; the first owner's is their account's.</param>
/// <param name="Email">Null for the first owner, whose address only auth knows, and once the person's account was deleted.</param>
/// <param name="Name">As the organisation calls them; null like the address.</param>
/// <param name="AccountId">Since they joined.</param>
/// <param name="InvitedBy">The account that did.</param>
/// <param name="Version">From 1; its ETag.</param>
internal sealed record Member(
    Guid StaffId, string? Email, string? Name, Guid RoleId, MemberState State, Guid? AccountId, Guid? InvitedBy, DateTimeOffset InvitedAt, long Version)
{
    /// <summary>How often they were asked.</summary>
    public int Invitations { get; init; } = 1;

    /// <summary>When they were asked last.</summary>
    public DateTimeOffset LastInvitedAt { get; init; }

    public DateTimeOffset? JoinedAt { get; init; }

    public DateTimeOffset? RemovedAt { get; init; }

    public bool IsHere => State is not MemberState.Removed;

    public Member Next() => this with { Version = Version + 1 };
}
