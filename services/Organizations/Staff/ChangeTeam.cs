using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Organizations;
using EventFly.Organizations.Profiles;
using EventFly.ServiceDefaults.Tokens;

namespace EventFly.Organizations.Staff;

/// <summary>
/// Every change of people and roles goes this way: decided on what is stored, committed, and told to every process before the answer, so that it holds for
/// tokens that are out.
/// </summary>
internal sealed class ChangeTeam(Documents<Team> teams, Documents<Organization> organizations, ChangedAccess access)
{
    /// <summary>For somebody who asks over HTTP. A stranger's organisation looks like none.</summary>
    public async Task<(Team? Team, Refusal? Refusal)> By(
        CurrentUser user, Guid organizationId, Func<Team, Actor, Organization, Change<Team>> decide, CancellationToken cancellationToken) =>
        user.ActsFor(organizationId)
            ? await Do(organizationId, (team, organization) => team.ActorOf(user) is var actor && actor.Refuse() is { } lost ? lost : decide(team, actor, organization), cancellationToken)
            : (null, Organization.NoSuch);

    /// <summary>For a message that was heard.</summary>
    public async Task<(Team? Team, Refusal? Refusal)> Do(Guid organizationId, Func<Team, Organization, Change<Team>> decide, CancellationToken cancellationToken)
    {
        if (await organizations.Get(Organization.IdOf(organizationId), cancellationToken) is not { Body: var organization })
        {
            return (null, Organization.NoSuch);
        }

        IReadOnlyList<object> said = [];
        var (stored, refusal) = await teams.Change(
            Team.IdOf(organizationId),
            current =>
            {
                var change = decide(current?.Body ?? Team.Begin(organization), organization);
                said = change.Messages;
                return change;
            },
            cancellationToken);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        // All at once: a role of hundreds must not wait for a Redis that is away hundreds of times.
        await Task.WhenAll(said.Select(message => Tell(message, cancellationToken)));
        return (stored?.Body ?? Team.Begin(organization), null);
    }

    /// <summary>The team as it is, for those who may see it.</summary>
    public async Task<Team?> Read(CurrentUser user, Guid organizationId, CancellationToken cancellationToken) =>
        !user.ActsFor(organizationId) ? null
        : (await teams.Get(Team.IdOf(organizationId), cancellationToken))?.Body
            ?? (await organizations.Get(Organization.IdOf(organizationId), cancellationToken) is { Body: var organization } ? Team.Begin(organization) : null);

    private Task Tell(object message, CancellationToken cancellationToken) => message switch
    {
        StaffAccessChanged { AccountId: { } account } changed =>
            access.Tell(new AccessChange(account, changed.OrganizationId, null, changed.Permissions, changed.At), cancellationToken),
        StaffRemoved { AccountId: { } account } removed =>
            access.Tell(new AccessChange(account, removed.OrganizationId, null, null, removed.At), cancellationToken),
        _ => Task.CompletedTask,
    };
}
