using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Auth;
using EventFly.Contracts.Organizations;

namespace EventFly.Auth.Accounts;

/// <summary>For whom somebody works.</summary>
internal sealed partial record Account
{
    /// <summary>One per organisation, also those that were left. Accounts of before have <see cref="Membership"/> in its place.</summary>
    public IReadOnlyList<Membership> Memberships { get; init; } = [];

    private IReadOnlyList<Membership> Known => Memberships.Count > 0 ? Memberships : Membership is null ? [] : [Membership];

    /// <summary>Those that were not left: the own organisation first, then in the order in which they came.</summary>
    public IEnumerable<Membership> WorksFor() => Known.Where(known => !known.HasLeft).OrderBy(known => known.Role != Membership.Owner);

    public Membership? MembershipIn(Guid organizationId) => WorksFor().FirstOrDefault(known => known.OrganizationId == organizationId);

    /// <summary>The membership that a session acts by: the chosen one, else the first, else none.</summary>
    public Membership? ActingFor(Guid? chosen) => (chosen is { } one ? MembershipIn(one) : null) ?? WorksFor().FirstOrDefault();

    public Change<Account> Own(Guid organizationId, DateTimeOffset at)
    {
        if (Known.FirstOrDefault(known => known.OrganizationId == organizationId) is { } known && (known.At >= at || known.Role == Membership.Owner))
        {
            return Decision.Nothing;
        }

        return WorksFor().FirstOrDefault(other => other.Role == Membership.Owner && other.OrganizationId != organizationId) is { } owned
            ? throw new InvalidOperationException($"The account {Id} owns {owned.OrganizationId} and cannot own {organizationId} too.")
            : With(new Membership(organizationId, Membership.Owner) { At = at });
    }

    /// <summary>What they accepted. Organizations hears of it and says what they may do by then.</summary>
    public Change<Account> Join(Membership membership, Guid staffId, DateTimeOffset now, params IReadOnlyList<object> mails) =>
        MembershipIn(membership.OrganizationId) is not null
            ? Refusal.Conflict("already-member", "You work for this organisation already.")
            : Change.To(
                With(membership).WithRoles() with { EmailVerifiedAt = EmailVerifiedAt ?? now },
                [new StaffJoined(membership.OrganizationId, staffId, Id), .. mails]);

    public Change<Account> TakeAccess(StaffAccessChanged told)
    {
        var known = Known.FirstOrDefault(known => known.OrganizationId == told.OrganizationId);
        return known?.At >= told.At
            ? Decision.Nothing
            : With((known ?? new Membership(told.OrganizationId, told.Role)) with
            {
                Role = told.Role, StaffId = told.StaffId, Granted = told.Permissions, At = told.At, HasLeft = false,
            }).WithRoles();
    }

    /// <summary>Somebody else may have the same staff id's account by now; only this membership ends.</summary>
    public Change<Account> Leave(StaffRemoved told)
    {
        var known = Known.FirstOrDefault(known => known.OrganizationId == told.OrganizationId);
        return known?.At >= told.At
            ? Decision.Nothing
            : With((known ?? new Membership(told.OrganizationId, "")) with { Granted = [], Events = [], At = told.At, HasLeft = true }).WithRoles();
    }

    /// <summary>Whoever left the organisation holds nothing at its events, whatever is told late.</summary>
    public Change<Account> Work(Guid organizationId, EventMembership at, params IReadOnlyList<object> mails) =>
        MembershipIn(organizationId)?.Work(at) is { } changed ? Change.To(With(changed), mails) : Decision.Nothing;

    private Account With(Membership changed)
    {
        var others = Known.Where(known => known.OrganizationId != changed.OrganizationId).ToList();
        var place = Known.TakeWhile(known => known.OrganizationId != changed.OrganizationId).Count();
        others.Insert(Math.Min(place, others.Count), changed);
        return this with { Memberships = others, Membership = null };
    }

    /// <summary>Who owns an organisation is an organiser, who works for another's is staff, beside whatever they are anyway.</summary>
    private Account WithRoles()
    {
        var roles = Roles.Where(role => role != Access.Staff).ToList();
        if (WorksFor().Any(known => known.Role == Membership.Owner) && !roles.Contains(Access.Organizer))
        {
            roles.Add(Access.Organizer);
        }

        // Somebody who was nothing but staff stays what they are: they can look at their account and hold nothing.
        if (WorksFor().Any(known => known.Role != Membership.Owner) || roles.Count == 0)
        {
            roles.Add(Access.Staff);
        }

        return roles.SequenceEqual(Roles) ? this : this with { Roles = roles };
    }
}
