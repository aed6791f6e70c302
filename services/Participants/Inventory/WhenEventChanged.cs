using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Events;

namespace EventFly.Participants.Inventory;

internal sealed class WhenEventChanged(Streams streams, TimeProvider clock) : IHandle<EventChanged>
{
    public async Task Handle(EventChanged message, MessageContext context, CancellationToken cancellationToken)
    {
        var terms = new EventTerms(
            message.EventId, message.OrganizationId, message.Name, message.StartsAt, message.EndsAt, message.Venue, [.. message.TicketTypes.Select(WhenEventPublished.TermsOf)])
        {
            Quotas = [.. message.Quotas.Select(WhenEventPublished.QuotaOf)],
            Codes = [.. message.PromoCodes.Select(WhenEventPublished.CodeOf)],
        };
        (await streams.DecideInventory(message.EventId, inventory => inventory.Announce(terms, context.Sequence, clock.GetUtcNow()), cancellationToken)).OrThrow();
    }
}
