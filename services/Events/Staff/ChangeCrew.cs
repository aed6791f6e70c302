using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Events;
using EventFly.Events.Events;
using EventFly.ServiceDefaults.Tokens;

namespace EventFly.Events.Staff;

/// <summary>Every change of a crew goes this way: committed, and told to every process before the answer, so that it holds for tokens that are out.</summary>
internal sealed class ChangeCrew(Documents<Crew> crews, Documents<Event> events, ChangedAccess access)
{
    /// <summary>For somebody who asks over HTTP. A stranger's event looks like none.</summary>
    public async Task<(Crew? Crew, Refusal? Refusal)> By(
        CurrentUser user, Guid eventId, Func<Crew, Actor, Event, Change<Crew>> decide, CancellationToken cancellationToken)
    {
        if (await events.Get(eventId.ToString(), cancellationToken) is not { Body: var of } || !user.ActsFor(of.OrganizationId))
        {
            return (null, Event.None);
        }

        return await Do(eventId, known => decide(Crew.Of(of, known), Actor.At(eventId, user), of), cancellationToken) is { Refusal: { } refusal }
            ? (null, refusal)
            : (Crew.Of(of, (await crews.Get(Crew.IdOf(eventId), cancellationToken))?.Body), null);
    }

    /// <summary>For a message that was heard.</summary>
    public async Task<Changed<Crew>> Do(Guid eventId, Func<Crew?, Change<Crew>> decide, CancellationToken cancellationToken)
    {
        IReadOnlyList<object> said = [];
        var changed = await crews.Change(
            Crew.IdOf(eventId),
            current =>
            {
                var change = decide(current?.Body);
                said = change.Messages;
                return change;
            },
            cancellationToken);
        if (changed.Refusal is null)
        {
            // All at once: a role of many must not wait for a Redis that is away many times.
            await Task.WhenAll(said.Select(message => Tell(message, cancellationToken)));
        }

        return changed;
    }

    /// <summary>The crew as it is, for those who may see it.</summary>
    public async Task<Crew?> Read(CurrentUser user, Guid eventId, CancellationToken cancellationToken) =>
        await events.Get(eventId.ToString(), cancellationToken) is { Body: var of } && user.ActsFor(of.OrganizationId)
            ? Crew.Of(of, (await crews.Get(Crew.IdOf(eventId), cancellationToken))?.Body)
            : null;

    private Task Tell(object message, CancellationToken cancellationToken) => message switch
    {
        EventStaffAssigned { AccountId: { } account } assigned =>
            access.Tell(new AccessChange(account, assigned.OrganizationId, assigned.EventId, assigned.Permissions, assigned.At), cancellationToken),
        EventStaffRemoved { AccountId: { } account } removed =>
            access.Tell(new AccessChange(account, removed.OrganizationId, removed.EventId, [], removed.At), cancellationToken),
        _ => Task.CompletedTask,
    };
}
