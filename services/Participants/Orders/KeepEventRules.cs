using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Events;

namespace EventFly.Participants.Orders;

/// <summary>The newest revision counts, in whatever order they are heard.</summary>
internal sealed class KeepEventRules(Documents<EventRules> rules) : IHandle<EventPublished>, IHandle<EventChanged>
{
    public Task Handle(EventPublished message, MessageContext context, CancellationToken cancellationToken) => Keep(
        new EventRules(
            message.EventId, message.OrganizationId, message.StartsAt, message.EndsAt, message.Questions, message.AfterSale, context.Sequence),
        cancellationToken);

    public Task Handle(EventChanged message, MessageContext context, CancellationToken cancellationToken) => Keep(
        new EventRules(
            message.EventId, message.OrganizationId, message.StartsAt, message.EndsAt, message.Questions, message.AfterSale, context.Sequence),
        cancellationToken);

    private async Task Keep(EventRules heard, CancellationToken cancellationToken) =>
        (await rules.Change(
            heard.EventId.ToString(), known => known is not null && known.Body.Revision >= heard.Revision ? Decision.Nothing : heard, cancellationToken)).OrThrow();
}
