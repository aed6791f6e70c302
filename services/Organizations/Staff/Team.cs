using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Organizations;
using EventFly.Organizations.Profiles;

namespace EventFly.Organizations.Staff;

/// <summary>
/// The people of an organisation and their roles: one document, so that a role and what everybody holds by it change together, names are unique by
/// themselves, and all changes have one order.
/// </summary>
/// <param name="OwnRoles">Those that the organisation made, and the default one once it was edited.</param>
/// <param name="LastChange">When the last change was decided. No two have the same time.</param>
internal sealed partial record Team(
    Guid OrganizationId, Guid OwnerId, IReadOnlyList<Role> OwnRoles, IReadOnlyList<Member> Members, DateTimeOffset LastChange)
{
    /// <summary>Roles of an organisation, the built-in ones included.</summary>
    public const int MostRoles = 50;

    /// <summary>People who work for an organisation or are invited to.</summary>
    public const int MostMembers = 500;

    /// <summary>Of those who left, so many are remembered here.</summary>
    private const int MostRemoved = 500;

    public static DocumentType<Team> Documents { get; } = new DocumentType<Team>("teams", team => IdOf(team.OrganizationId))
        .Texts("accounts", team => team.Members.Where(member => member.AccountId is not null).Select(member => member.AccountId!.Value.ToString()).Distinct());

    public static Refusal NoSuchMember => Refusal.NotFound("staff-not-found", "Nobody in this organisation has this id.");

    public static Refusal NoSuchRole => Refusal.NotFound("role-not-found", "The organisation has no such role.");

    private static Refusal OwnerStays => Refusal.Conflict("owner-stays", "The owner has every permission for good: hand the organisation over first.");

    private static Refusal OwnRole => Refusal.Forbidden("own-role", "Nobody but the owner changes what they may do themselves.");

    public static string IdOf(Guid organizationId) => organizationId.ToString();

    /// <summary>An organisation begins with its owner.</summary>
    public static Team Begin(Organization organization) => new(
        organization.Id,
        organization.OwnerId,
        [],
        [new Member(organization.OwnerId, null, null, BuiltInRole.Owner.RoleId, MemberState.Active, organization.OwnerId, null, organization.CreatedAt, 1) { JoinedAt = organization.CreatedAt }],
        organization.CreatedAt);

    public Member? Find(Guid staffId) => Members.FirstOrDefault(member => member.StaffId == staffId);

    public Member? ActiveWith(Guid accountId) => Members.FirstOrDefault(member => member.AccountId == accountId && member.State is MemberState.Active);

    public Actor ActorOf(CurrentUser user) => ActiveWith(user.Id) is { } self
        ? new Actor(user.Id, RoleOf(self).Permissions, self)
        : new Actor(user.Id, user.IsApiKey ? [.. user.Permissions] : [], null);

    public Change<Team> Invite(
        Actor actor, Guid staffId, string email, string name, Guid roleId, string organizationName, DateTimeOffset now)
    {
        switch (Find(staffId))
        {
            case { State: MemberState.Removed }:
                return Refusal.Conflict("staff-removed", "This person left, or the invitation was withdrawn. Invite under a fresh id.");
            case { } known:
                return known.Email == email && known.Name == name && known.RoleId == roleId
                    ? Decision.Nothing
                    : Refusal.Conflict("staff-exists", "Somebody else, or with another role, has this id. Change the role with PUT …/role.");
        }

        if (FindRole(roleId) is not { } role)
        {
            return NoSuchRole with { Kind = RefusalKind.Unprocessable, Field = "roleId" };
        }

        if (roleId == BuiltInRole.Owner.RoleId)
        {
            return OneOwner;
        }

        if (actor.RefuseBeyond(role.Permissions, "roleId") is { } beyond)
        {
            return beyond;
        }

        var here = Members.Where(member => member.IsHere).ToArray();
        if (here.Any(member => member.Email == email))
        {
            return Refusal.Conflict("already-staff", "This address is invited or works here already.") with { Field = "email" };
        }

        if (here.Length >= MostMembers)
        {
            return Refusal.Conflict("too-many-staff", $"An organisation has at most {MostMembers} people.");
        }

        var at = After(now);
        var invited = new Member(staffId, email, name, roleId, MemberState.Invited, null, actor.Id, at, 1) { LastInvitedAt = at };
        return Change.To(
            this with { Members = [.. Members, invited], LastChange = at },
            new StaffInvited(OrganizationId, staffId, email, name, organizationName),
            AccessOf(invited, role, at),
            Audited(actor.Id, "staff-invited", staffId, at, ("role", role.Name)));
    }

    /// <summary>Only the last invitation's code is good.</summary>
    public Change<Team> InviteAgain(Actor actor, Member member, string organizationName, DateTimeOffset now)
    {
        if (member.State is not MemberState.Invited)
        {
            return NotInvited;
        }

        if (actor.RefuseBeyond(RoleOf(member).Permissions) is { } beyond)
        {
            return beyond;
        }

        if (member.LastInvitedAt + TimeBetweenInvitations - now is { } wait && wait > TimeSpan.Zero)
        {
            return new Refusal(RefusalKind.TooMany, "invited-lately", "They were sent a code a moment ago.") { RetryAfter = wait };
        }

        var at = After(now);
        var again = member.Next() with { Invitations = member.Invitations + 1, LastInvitedAt = at };
        return Change.To(
            With(again, at),
            new StaffInvited(OrganizationId, member.StaffId, member.Email!, member.Name!, organizationName) { Number = again.Invitations },
            Audited(actor.Id, "invitation-sent-again", member.StaffId, at));
    }

    public Change<Team> Withdraw(Actor actor, Member member, DateTimeOffset now) =>
        member.State is MemberState.Invited ? Remove(actor, member, now)
        : member.State is MemberState.Removed ? Decision.Nothing
        : NotInvited;

    public Change<Team> Remove(Actor actor, Member member, DateTimeOffset now)
    {
        if (member.State is MemberState.Removed)
        {
            return Decision.Nothing;
        }

        if (member.RoleId == BuiltInRole.Owner.RoleId)
        {
            return OwnerStays;
        }

        if (actor.RefuseBeyond(RoleOf(member).Permissions) is { } beyond)
        {
            return beyond;
        }

        var at = After(now);
        var removed = member.Next() with { State = MemberState.Removed, RemovedAt = at };
        return Change.To(
            With(removed, at),
            new StaffRemoved(OrganizationId, member.StaffId, member.AccountId) { At = at },
            Audited(actor.Id, member.State is MemberState.Invited ? "invitation-withdrawn" : "staff-removed", member.StaffId, at, ("role", RoleOf(member).Name)));
    }

    public Change<Team> ChangeRole(Actor actor, Member member, Guid roleId, DateTimeOffset now)
    {
        if (FindRole(roleId) is not { } role)
        {
            return NoSuchRole with { Kind = RefusalKind.Unprocessable, Field = "roleId" };
        }

        var before = RoleOf(member);
        Refusal? refusal = member.RoleId == BuiltInRole.Owner.RoleId ? OwnerStays
            : roleId == BuiltInRole.Owner.RoleId ? OneOwner
            : member.State is MemberState.Removed ? NoSuchMember
            : member.StaffId == actor.Self?.StaffId ? OwnRole
            : actor.RefuseBeyond(before.Permissions) ?? actor.RefuseBeyond(role.Permissions, "roleId");
        if (refusal is not null)
        {
            return refusal;
        }

        if (member.RoleId == roleId)
        {
            return Decision.Nothing;
        }

        var at = After(now);
        var changed = member.Next() with { RoleId = roleId };
        return Change.To(
            With(changed, at),
            AccessOf(changed, role, at),
            Audited(actor.Id, "staff-role-changed", member.StaffId, at, ("role", role.Name), ("roleBefore", before.Name)));
    }

    /// <summary>Auth said that they accepted. Whoever was removed in the meantime is removed again, now with their account.</summary>
    public Change<Team> Join(Guid staffId, Guid accountId, DateTimeOffset now)
    {
        var at = After(now);
        switch (Find(staffId))
        {
            case { State: MemberState.Invited } invited:
                var joined = invited.Next() with { State = MemberState.Active, AccountId = accountId, JoinedAt = at };
                return Change.To(With(joined, at), AccessOf(joined, RoleOf(joined), at), Audited(accountId, "staff-joined", staffId, at, ("role", RoleOf(joined).Name)));
            case { State: MemberState.Active } active when active.AccountId == accountId:
                return Decision.Nothing;
            case { State: MemberState.Removed } removed:
                return Change.To(With(removed with { AccountId = accountId }, at), new StaffRemoved(OrganizationId, staffId, accountId) { At = at });
            default:
                return Change.To(this with { LastChange = at }, new StaffRemoved(OrganizationId, staffId, accountId) { At = at });
        }
    }

    /// <summary>The organisation was handed over: the old owner goes on as manager.</summary>
    public Change<Team> HandOver(Guid newOwner, DateTimeOffset now)
    {
        if (OwnerId == newOwner || ActiveWith(newOwner) is not { } heir || ActiveWith(OwnerId) is not { } before)
        {
            return Decision.Nothing;
        }

        var at = After(now);
        var owner = heir.Next() with { RoleId = BuiltInRole.Owner.RoleId };
        var manager = before.Next() with { RoleId = BuiltInRole.Manager.RoleId };
        return Change.To(
            With(owner, at).With(manager, at) with { OwnerId = newOwner },
            AccessOf(owner, BuiltInRole.Owner, at),
            AccessOf(manager, BuiltInRole.Manager, at));
    }

    /// <summary>The account is deleted: what remains is that somebody was here.</summary>
    public Change<Team> Forget(Guid accountId, DateTimeOffset now)
    {
        var at = After(now);
        var forgotten = Members.Where(member => member.AccountId == accountId && (member.Email is not null || member.Name is not null || member.IsHere))
            .Where(member => member.RoleId != BuiltInRole.Owner.RoleId || member.Email is not null || member.Name is not null)
            .Select(member => member.Next() with
            {
                Email = null,
                Name = null,
                State = member.RoleId == BuiltInRole.Owner.RoleId ? member.State : MemberState.Removed,
                RemovedAt = member.RoleId == BuiltInRole.Owner.RoleId ? member.RemovedAt : member.RemovedAt ?? at,
            })
            .ToArray();
        return forgotten.Length == 0
            ? Decision.Nothing
            : Change.To(
                forgotten.Aggregate(this, (team, member) => team.With(member, at)),
                [.. forgotten.Where(member => !member.IsHere).Select(member => new StaffRemoved(OrganizationId, member.StaffId, member.AccountId) { At = at })]);
    }

    public Role RoleOf(Member member) => FindRole(member.RoleId) ?? FindRole(BuiltInRole.Default.RoleId)!;

    private static TimeSpan TimeBetweenInvitations => TimeSpan.FromMinutes(1);

    private static Refusal OneOwner =>
        Refusal.Unprocessable("one-owner", "An organisation has one owner: hand it over with PUT …/owner.", "roleId");

    private static Refusal NotInvited => Refusal.Conflict("not-invited", "Their invitation was accepted or withdrawn.");

    /// <summary>Milliseconds, because tokens' overlays have no more; later than every change before, whatever the clocks of the replicas say.</summary>
    private DateTimeOffset After(DateTimeOffset now)
    {
        var next = DateTimeOffset.FromUnixTimeMilliseconds(LastChange.ToUnixTimeMilliseconds() + 1);
        var rounded = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        return rounded > next ? rounded : next;
    }

    private Team With(Member changed, DateTimeOffset at)
    {
        var members = Members.Select(member => member.StaffId == changed.StaffId ? changed : member).ToList();
        var tooMany = members.Count(member => !member.IsHere) - MostRemoved;
        foreach (var oldest in members.Where(member => !member.IsHere).OrderBy(member => member.RemovedAt).Take(Math.Max(0, tooMany)).ToArray())
        {
            members.Remove(oldest);
        }

        return this with { Members = members, LastChange = at };
    }

    private StaffAccessChanged AccessOf(Member member, Role role, DateTimeOffset at) =>
        new(OrganizationId, member.StaffId, member.AccountId, role.Name, role.Permissions) { At = at };

    private AuditRecorded Audited(Guid? actor, string kind, Guid? subject, DateTimeOffset at, params (string Name, string Value)[] details) =>
        new(Guid.CreateVersion7(at), OrganizationId, actor, kind, subject, at)
        {
            Details = details.ToDictionary(detail => detail.Name, detail => detail.Value, StringComparer.Ordinal),
        };
}
