using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using Said = EventFly.Contracts.Participants;

namespace EventFly.Participants.Inventory;

/// <summary>What was said of a price is never said otherwise: a line is written once.</summary>
internal sealed class KeepPriceHistory(Documents<PriceChangeView> history) : IHandle<Said.PriceChanged>
{
    public async Task Handle(Said.PriceChanged message, MessageContext context, CancellationToken cancellationToken) =>
        (await history.Change(
            PriceChangeView.IdOf(message.EventId, message.Number),
            known => known is null ? PriceChangeView.Of(message) : Decision.Nothing,
            cancellationToken)).OrThrow();
}
