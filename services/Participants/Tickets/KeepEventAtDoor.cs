using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Events;

namespace EventFly.Participants.Tickets;

/// <summary>The newest revision counts and a cancellation stays, in whatever order they are heard.</summary>
internal sealed class KeepEventAtDoor(Documents<EventAtDoor> events) : IHandle<EventPublished>, IHandle<EventChanged>, IHandle<EventCancelled>
{
    public Task Handle(EventPublished message, MessageContext context, CancellationToken cancellationToken) => Keep(
        new EventAtDoor(
            message.EventId, message.OrganizationId, message.Name, message.StartsAt, message.EndsAt, message.Venue, false, context.Sequence),
        cancellationToken);

    public Task Handle(EventChanged message, MessageContext context, CancellationToken cancellationToken) => Keep(
        new EventAtDoor(
            message.EventId, message.OrganizationId, message.Name, message.StartsAt, message.EndsAt, message.Venue, false, context.Sequence),
        cancellationToken);

    public async Task Handle(EventCancelled message, MessageContext context, CancellationToken cancellationToken)
    {
        var none = new EventAtDoor(message.EventId, message.OrganizationId, "", default, default, null, true, 0);
        (await events.Change(
            message.EventId.ToString(),
            known => known switch
            {
                null => none,
                { Body.Cancelled: true } => Decision.Nothing,
                _ => known.Body with { Cancelled = true },
            },
            cancellationToken)).OrThrow();
    }

    private async Task Keep(EventAtDoor heard, CancellationToken cancellationToken) =>
        (await events.Change(
            heard.EventId.ToString(),
            known => known switch
            {
                null => heard,
                _ when known.Body.Revision >= heard.Revision => Decision.Nothing,
                _ => heard with { Cancelled = known.Body.Cancelled },
            },
            cancellationToken)).OrThrow();
}
