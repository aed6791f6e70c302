using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Events;

namespace EventFly.Participants.Inventory;

internal sealed class WhenEventChanged(Streams streams) : IHandle<EventChanged>
{
    public async Task Handle(EventChanged message, MessageContext context, CancellationToken cancellationToken)
    {
        var terms = new EventTerms(
            message.EventId, message.OrganizationId, message.Name, message.StartsAt, message.EndsAt, message.Venue, [.. message.TicketTypes.Select(WhenEventPublished.TermsOf)])
        {
            Quotas = [.. message.Quotas.Select(WhenEventPublished.QuotaOf)],
        };
        (await streams.DecideInventory(message.EventId, inventory => inventory.Announce(terms, context.Sequence), cancellationToken)).OrThrow();
    }
}
