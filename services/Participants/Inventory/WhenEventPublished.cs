using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Events;

namespace EventFly.Participants.Inventory;

internal sealed class WhenEventPublished(Streams streams) : IHandle<EventPublished>
{
    public async Task Handle(EventPublished message, MessageContext context, CancellationToken cancellationToken)
    {
        var terms = new EventTerms(
            message.EventId, message.OrganizationId, message.Name, message.StartsAt, message.EndsAt, message.Venue, [.. message.TicketTypes.Select(TermsOf)])
        {
            Quotas = [.. message.Quotas.Select(QuotaOf)],
        };
        (await streams.DecideInventory(message.EventId, inventory => inventory.Announce(terms, context.Sequence), cancellationToken)).OrThrow();
    }

    internal static TicketTerms TermsOf(TicketTypeTerms type) => new(
        type.TicketTypeId, type.Name, type.Price, type.Currency, type.Quantity, type.SalesFrom, type.SalesUntil, type.PerBuyerLimit)
    {
        QuotaIds = type.QuotaIds,
    };

    internal static QuotaTerms QuotaOf(Contracts.Events.QuotaTerms quota) => new(quota.QuotaId, quota.Name, quota.Capacity);
}
